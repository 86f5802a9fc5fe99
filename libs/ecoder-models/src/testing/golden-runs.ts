/** What every engine must reproduce of the reference's autoencoders. Bodies of jest tests, given the engine. */
import { Context, adam, batchMean, gradientsOf, predict, trainStep, withinPath } from '@hep/nn';
import type { HostTensor, PerSampleLoss, Runner, RunnerInput, TensorFunction, Weights } from '@hep/nn';
import { expectClose, goldenBatch, goldenJson, goldenNpy } from '@hep/test-support';
import type { Autoencoder } from '../autoencoder.ts';
import { expectTensors, goldenWeights } from './golden.ts';

/** One family of golden files: `<folder>/<name>_*`. */
export interface GoldenAutoencoder {
  readonly folder: 'models' | 'models_extra';
  readonly name: string;
  /** Whether there are golden outputs. */
  readonly forward: boolean;
  readonly model: Autoencoder;
  readonly loss: PerSampleLoss;
  /** Relative tolerance after training; default 1e-4. */
  readonly tolerance?: number;
}

const prefixed = <T>(prefix: string, values: Readonly<Record<string, T>>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]): [string, T] => [`${prefix}/${name}`, value]),
  );

/** Encoder and decoder outputs in inference mode. */
export async function forwardAgrees(golden: GoldenAutoencoder, runner: Runner): Promise<void> {
  const { folder, name, model } = golden;
  const weights = await goldenWeights(folder, name, model.autoencoder.parameterSpecs);
  const [latent] = model.encoder.outputs;
  const forward: TensorFunction = (tensors) => {
    const parameters = withinPath(tensors, 'weights');
    const { input_1 } = tensors;
    return {
      encoded: predict(model.encoder, withinPath(parameters, 'encoder'), { input_1 })[latent],
      decoded: predict(model.autoencoder, parameters, { input_1 })['decoder'],
    };
  };
  const { encoded, decoded } = await runner.run(forward, {
    input_1: goldenNpy(folder, `${name}_in.npy`),
    ...prefixed('weights', weights),
  });
  expectClose(
    encoded.values,
    goldenNpy(folder, `${name}_enc.npy`).values,
    latent === 'encod_qa' ? {} : { absolute: 1e-5 },
    'encoder output',
  );
  expectClose(
    decoded.values,
    goldenNpy(folder, `${name}_dec.npy`).values,
    { absolute: 1e-5 },
    'decoder output',
  );
}

/** Gradients of the first batch's loss. */
export async function firstGradientsAgree(golden: GoldenAutoencoder, runner: Runner): Promise<void> {
  const { folder, name, model, loss } = golden;
  const specs = model.autoencoder.parameterSpecs;
  const weights = await goldenWeights(folder, name, specs);
  const differentiate: TensorFunction = (tensors) => {
    const parameters = withinPath(tensors, 'weights');
    const { image } = tensors;
    return gradientsOf(specs, parameters, () => {
      const { decoder } = model.autoencoder.apply(parameters, { input_1: image }, new Context(true));
      return { value: batchMean(loss(image, decoder)), extra: {} };
    }).gradients;
  };
  const image = goldenBatch(0, folder, `${name}_batches.npy`);
  const gradients = await runner.run(differentiate, { image, ...prefixed('weights', weights) });
  const found = specs.map((spec) => [spec.name, gradients[spec.name]] as const);
  await expectTensors([folder, `${name}_grad0.h5`], found, { relative: 1e-4, absolute: 1e-7 });
}

/** Losses of five Adam steps and the weights after them. */
export async function trainingAgrees(golden: GoldenAutoencoder, runner: Runner): Promise<void> {
  const { folder, name, model, loss, tolerance: relative = 1e-4 } = golden;
  const weights = await goldenWeights(folder, name, model.autoencoder.parameterSpecs);
  const batches = Array.from({ length: 5 }, (_, i) => goldenBatch(i, folder, `${name}_batches.npy`));
  const { losses, final } = await train(golden, runner, weights, batches);
  const expected = goldenJson<{ loss_per_step: number[] }>(folder, `${name}_losses.json`);
  expectClose(losses, expected.loss_per_step, { relative }, `losses of ${name} (${loss.name})`);
  await expectTensors([folder, `${name}_wN.h5`], Object.entries(final), { relative, absolute: 1e-7 });
}

/** Adam steps at 1e-3 with target = input. */
async function train(
  { model, loss }: GoldenAutoencoder,
  runner: Runner,
  weights: Weights,
  batches: readonly RunnerInput[],
): Promise<{ losses: number[]; final: Record<string, HostTensor> }> {
  const step = trainStep({ model: model.autoencoder, loss, optimiser: adam() });
  const run: TensorFunction = ({ image, learningRate, step: count, ...tensors }) => {
    const result = step(withinPath(tensors, 'state'), {
      input_1: image,
      target: image,
      learningRate,
      step: count,
    });
    return { ...prefixed('state', result.state), loss: result.outputs['loss'] };
  };
  let state: Record<string, HostTensor> = step.initialState(weights);
  const losses: number[] = [];
  for (const [i, image] of batches.entries()) {
    const results = await runner.run(run, {
      image,
      learningRate: { shape: [], values: [1e-3] },
      step: { shape: [], values: [i + 1] },
      ...prefixed('state', state),
    });
    state = withinPath(results, 'state');
    losses.push(results['loss'].values[0]);
  }
  return { losses, final: step.weightsOf(state) };
}
