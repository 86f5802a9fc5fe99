/** Network, loss and optimiser of a run as an engine trains them: the target is the input. */
import type { Dataset } from '@hep/engine';
import { jetNetwork, KL_COST, layoutOf, errorFactors, VARIABLES_INPUT } from '@hep/jet-compression';
import type { JetLayout, JetNetwork } from '@hep/jet-compression';
import { tf } from '@hep/graph';
import {
  binaryCrossEntropy,
  meanSquaredError,
  rootMeanSquaredError,
  scaledErrors,
  smoothL1,
} from '@hep/losses';
import { UserError } from '@hep/options';
import { adam, initialise, soap, trainingProgram } from '@hep/nn';
import type { PerSampleLoss, TrainingProgram } from '@hep/nn';
import type { TrainOptions } from './options.ts';
import type { Part, Samples } from './samples.ts';

/** Scalar input of the step that weighs the divergence of a variational autoencoder. */
const BETA = 'beta';

/** The layout that the options ask for. @throws UserError for an unknown one, and a loss that does not fit */
export function chosenLayout({
  network,
  latent,
  hiddenUnits,
  lastBias,
  loss,
  normalisation,
}: Pick<
  TrainOptions,
  'network' | 'latent' | 'hiddenUnits' | 'lastBias' | 'loss' | 'normalisation'
>): JetLayout {
  const layout = layoutOf(network);
  if (loss === 'bce' && normalisation !== 'unit') {
    throw new UserError(
      `option --loss bce: compares numbers from 0 to 1, --normalisation ${normalisation} gives others; add --normalisation unit`,
    );
  }
  return {
    ...layout,
    ...(latent === undefined ? {} : { latent }),
    ...(hiddenUnits === undefined ? {} : { encoder: hiddenUnits, decoder: [...hiddenUnits].reverse() }),
    outputBias: layout.outputBias && lastBias,
    ...(loss === 'bce' ? { output: 'sigmoid' } : {}),
  };
}

/** The network of a run. */
export function chosenNetwork(options: TrainOptions, variables: number): JetNetwork {
  return jetNetwork({
    layout: chosenLayout(options),
    variables,
    variational: options.model === 'vae',
    dropoutRate: options.dropout,
    initialGain: options.initialGain,
  });
}

const losses: Record<Exclude<TrainOptions['loss'], 'bce'>, PerSampleLoss> = {
  mse: meanSquaredError,
  rmse: rootMeanSquaredError,
  'smooth-l1': smoothL1(),
};

/** Jets beyond the range of those that train count as at its end. */
const crossEntropy: PerSampleLoss = (target, prediction) =>
  binaryCrossEntropy(tf.clipByValue(target, 0, 1), prediction);

const optimisers = { adam, soap };

/** Step, evaluation and first state. Reported: `loss`, `mse` in the units of the metric, `kl` of a variational one. */
export function jetProgram(
  network: JetNetwork,
  options: TrainOptions,
  { normalisation, metric }: Pick<Samples, 'normalisation' | 'metric'>,
): TrainingProgram {
  const factors = errorFactors(normalisation, metric);
  const inMetric = (loss: PerSampleLoss) => scaledErrors(loss, factors);
  const { training } = network;
  return trainingProgram({
    model: training,
    loss: options.loss === 'bce' ? crossEntropy : inMetric(losses[options.loss]),
    metrics: options.loss === 'mse' && !network.variational ? {} : { mse: inMetric(meanSquaredError) },
    optimiser: optimisers[options.optimiser]({
      beta2: 0.99,
      epsilon: 1e-8,
      weightDecay: options.weightDecay,
    }),
    decays: (name) => !/_bn\//.test(name),
    weights: initialise(training.parameterSpecs, options.seed),
    target: VARIABLES_INPUT,
    costs: network.variational ? { [KL_COST]: BETA } : {},
  });
}

/** Values of the step's own scalar inputs. */
export function scalarsOf({ model, beta }: TrainOptions): Record<string, number> {
  return model === 'vae' ? { [BETA]: beta } : {};
}

/** The columns of the parts that take part in a training. */
export function trainingDatasets({
  train,
  validation,
  normalisation,
}: Samples): Readonly<Record<'train' | 'validation', Dataset>> {
  const dataset = ({ jets, matrix }: Part): Dataset => ({
    rows: jets.rows,
    columns: { [VARIABLES_INPUT]: { rowShape: [normalisation.length], values: matrix } },
  });
  return { train: dataset(train), validation: dataset(validation) };
}
