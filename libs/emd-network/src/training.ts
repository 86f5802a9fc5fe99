/** EMD networks in training: what the engine runs and the columns it reads. */
import { normalise } from '@hep/datasets';
import type { Column, Dataset } from '@hep/engine';
import { arrangements, imageFromCharges } from '@hep/hgcal-geometry';
import {
  emdNetwork,
  huber,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  meanSquaredLogarithmicError,
} from '@hep/losses';
import type { EmdNetworkOptions } from '@hep/losses';
import { adam, initialise, trainingProgram } from '@hep/nn';
import type { PerSampleLoss, TrainingProgram } from '@hep/nn';
import type { LabelledPairs } from './pairs.ts';

const losses = {
  mse: meanSquaredError,
  huber: huber(),
  msle: meanSquaredLogarithmicError,
} as const satisfies Record<string, PerSampleLoss>;

/** Name of a loss between estimated and exact distances; huber has delta 1. */
export type EmdNetworkLossName = keyof typeof losses;

/** All of them. */
export const emdNetworkLossNames = Object.keys(losses) as readonly EmdNetworkLossName[];

/** Told for every epoch beside the loss, as in the study; the L2 penalty of the kernels is in the loss alone. */
const metrics = {
  mse: meanSquaredError,
  mae: meanAbsoluteError,
  mape: meanAbsolutePercentageError,
  msle: meanSquaredLogarithmicError,
};

/** Adam training of a network from random weights; columns `input_1`, `input_2` and `target`. */
export function emdTrainingProgram(
  size: EmdNetworkOptions,
  loss: EmdNetworkLossName,
  seed: number,
): TrainingProgram {
  const model = emdNetwork(size);
  return trainingProgram({
    model,
    loss: losses[loss],
    metrics,
    optimiser: adam(),
    weights: initialise(model.parameterSpecs, seed),
    targetShape: [1],
  });
}

const arrangement = arrangements['4x4x3'];

/**
 * Patterns as the network sees them: each divided by its sum, images [rows, 4, 4, 3].
 * @param charges [rows, 48]
 */
export function emdImages(charges: Float32Array<ArrayBuffer>): Float32Array {
  return imageFromCharges(arrangement, normalise(charges, 'sum').fractions);
}

/** Pairs as a data set: the images lie in memory once, however many pairs they are in. */
export function emdDataset(images: Float32Array, { first, second, distances }: LabelledPairs): Dataset {
  const side = (picks: Int32Array): Column => ({ rowShape: arrangement.shape, values: images, picks });
  return {
    rows: first.length,
    columns: {
      input_1: side(first),
      input_2: side(second),
      target: { rowShape: [1], values: distances },
    },
  };
}
