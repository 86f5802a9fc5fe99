/** Model, loss and optimiser of a run as an engine trains them: the target is the input. */
import type { EcoderModel } from '@hep/ecoder-models';
import { createEagerTrainer, createOnnxTrainer } from '@hep/engine';
import type { Dataset, Trainer } from '@hep/engine';
import { initialise, trainingProgram } from '@hep/nn';
import type { PerSampleLoss, TrainingProgram } from '@hep/nn';
import { optimiserOf } from './choices.ts';
import type { TrainOptions } from './options.ts';
import { imageColumn } from './samples.ts';
import type { Part, Samples } from './samples.ts';

const IMAGE = 'input_1';

/** Step, evaluation and initial state of a network. */
export function autoencoderProgram(
  model: EcoderModel,
  loss: PerSampleLoss,
  options: TrainOptions,
  sampleWeights: boolean,
): TrainingProgram {
  const { autoencoder } = model;
  const program = trainingProgram({
    model: autoencoder,
    loss,
    optimiser: optimiserOf(options),
    weights: initialise(autoencoder.parameterSpecs, options.seed),
    target: IMAGE,
    sampleWeights,
  });
  return { ...program, name: model.name };
}

/** The images of both parts. Weights of modules count in training; in validation every module counts the same. */
export function trainingDatasets(
  { arrangement }: EcoderModel,
  { train, validation, weights }: Samples,
): { readonly train: Dataset; readonly validation: Dataset } {
  const dataset = (part: Part, sampleWeights: Float32Array | null): Dataset => ({
    rows: part.wafers.rows,
    columns: {
      [IMAGE]: imageColumn(part, arrangement),
      ...(sampleWeights === null ? {} : { sampleWeight: { rowShape: [], values: sampleWeights } }),
    },
  });
  const equal = weights === null ? null : new Float32Array(validation.wafers.rows).fill(1);
  return { train: dataset(train, weights), validation: dataset(validation, equal) };
}

/** Starts the engine that the options ask for. Throws UserError when it is not there. */
export async function startTrainer(
  program: TrainingProgram,
  options: TrainOptions,
  datasets: Readonly<Record<string, Dataset>>,
): Promise<Trainer> {
  if (options.engine === 'tfjs') {
    return createEagerTrainer(program, datasets, { backend: options.tfjsBackend });
  }
  return createOnnxTrainer(program, datasets, {
    batchSize: options.batchSize,
    device: options.device,
    deviceIds: options.deviceIds,
    ...(options.replicas > 0 ? { replicas: options.replicas } : {}),
    ...(options.threads > 0 ? { threads: options.threads } : {}),
  });
}
