/** The reference's numbers for the adversarial training: `data/golden/models/calratio_*`. */
import type { Column } from '@hep/engine';
import type { HostTensor, Model, Runner, RunnerInput, TensorFunction } from '@hep/nn';
import { withinPath } from '@hep/nn';
import { goldenNpy, goldenPath, readTensorList } from '@hep/test-support';
import { adversarialStep } from '../adversarial-step.ts';
import type { AdversarialOptions, AdversarialStep } from '../adversarial-step.ts';
import { calRatioNetwork } from '../calratio-network.ts';
import type { CalRatioConfig } from '../config.ts';
import { JET_INPUTS } from '../jet-inputs.ts';
import type { HostTensors } from '../players.ts';
import { withPrefix } from '../players.ts';
import { perVariableNadam } from './per-variable-nadam.ts';

const FOLDER = 'models';

/** Dropout was off when the golden numbers were made. */
export const goldenConfig: Partial<CalRatioConfig> = { dropout: 0 };
export const goldenNetwork = calRatioNetwork(goldenConfig);

/** Our path of a Keras weight: `lstm/lstm_cell/kernel:0` -> `lstm/kernel`. */
export const pathOf = (kerasName: string) => kerasName.replace(/:0$/, '').replace('/lstm_cell/', '/');

/** Weights before (`w0`) and after (`wN`) the golden training, in the order of Keras. */
export async function goldenWeights(file: 'w0' | 'wN'): Promise<Record<string, HostTensor>> {
  const list = await readTensorList(goldenPath(FOLDER, `calratio_${file}_flat.h5`));
  return Object.fromEntries(list.map(({ name, shape, values }) => [pathOf(name), { shape, values }]));
}

/** A golden array `calratio_<name>.npy`. */
export const goldenOutput = (name: string) => goldenNpy(FOLDER, `calratio_${name}.npy`);

function batchOf(name: string, index: number, rowShape?: readonly number[]): RunnerInput {
  const { shape, values } = goldenOutput(name);
  const size = values.length / shape[0];
  const [, rows, ...rest] = shape;
  return { shape: [rows, ...(rowShape ?? rest)], values: values.slice(index * size, (index + 1) * size) };
}

/** The four inputs of a sample: `X` main, `XA` control region, `XS` control region for the discriminator. */
export function goldenJets(sample: 'X' | 'XA' | 'XS', index: number): Record<string, RunnerInput> {
  return Object.fromEntries(JET_INPUTS.map((name) => [name, batchOf(`${sample}_${name}`, index)]));
}

/** The three samples of mini-batch `index` with labels and weights. */
export function goldenSamples(index: number) {
  return {
    main: { ...goldenJets('X', index), label: batchOf('Y', index), weight: batchOf('W', index) },
    control: { ...goldenJets('XA', index), isData: batchOf('YA', index, [1]), weight: batchOf('WA', index) },
    discriminator: {
      ...goldenJets('XS', index),
      isData: batchOf('YS', index, [1]),
      weight: batchOf('WS', index),
    },
  };
}

/** The optimisers of the golden training; they walked through their variables in the order of the stored weights. */
export async function goldenOptimisers(): Promise<
  Pick<AdversarialOptions, 'mainOptimiser' | 'adversaryOptimiser'>
> {
  const order = Object.keys(await goldenWeights('w0'));
  const ordered = ({ parameterSpecs }: Model) => {
    const trainable = parameterSpecs.filter((spec) => spec.trainable);
    const own = order.filter((path) => trainable.some(({ name }) => name === path));
    return perVariableNadam(trainable, own);
  };
  const { mainLogits, adversaryLogit } = goldenNetwork;
  return { mainOptimiser: ordered(mainLogits), adversaryOptimiser: ordered(adversaryLogit) };
}

/** The golden training's steps. */
export async function goldenStep(): Promise<AdversarialStep> {
  return adversarialStep(goldenNetwork, await goldenOptimisers());
}

/** All five mini-batches of 16 jets as columns of a data set with 80 rows. */
export function goldenColumns(): Record<string, Column> {
  const column = (name: string, rowShape?: readonly number[]): Column => {
    const { shape, values } = goldenOutput(name);
    return { rowShape: rowShape ?? shape.slice(2), values: Float32Array.from(values) };
  };
  const jets = (sample: string) =>
    Object.fromEntries(JET_INPUTS.map((name) => [name, column(`${sample}_${name}`)]));
  return {
    ...withPrefix('main', { ...jets('X'), label: column('Y'), weight: column('W') }),
    ...withPrefix('control', { ...jets('XA'), isData: column('YA', [1]), weight: column('WA') }),
    ...withPrefix('discriminator', { ...jets('XS'), isData: column('YS', [1]), weight: column('WS') }),
  };
}

/** A step with its state as the named tensors of a runner. */
export const stepFunction =
  (
    step: (
      state: Parameters<TensorFunction>[0],
      inputs: Parameters<TensorFunction>[0],
    ) => {
      readonly state: Parameters<TensorFunction>[0];
      readonly outputs: Parameters<TensorFunction>[0];
    },
  ): TensorFunction =>
  (tensors) => {
    const { state, outputs } = step(withinPath(tensors, 'state'), tensors);
    return { ...withPrefix('state', state), ...withPrefix('outputs', outputs) };
  };

/** Runs a step once: next state and outputs as numbers. */
export async function runStep(
  runner: Runner,
  fn: TensorFunction,
  state: HostTensors,
  inputs: Readonly<Record<string, RunnerInput>>,
  step: number,
): Promise<{ state: HostTensors; outputs: Record<string, number> }> {
  const results = await runner.run(fn, {
    ...inputs,
    learningRate: { shape: [], values: [8e-4] },
    step: { shape: [], values: [step] },
    seed: { shape: [], values: [1], dtype: 'int32' },
    ...withPrefix('state', state),
  });
  const outputs = Object.entries(withinPath(results, 'outputs'));
  return {
    state: withinPath(results, 'state'),
    outputs: Object.fromEntries(outputs.map(([name, { values }]) => [name, values[0]])),
  };
}
