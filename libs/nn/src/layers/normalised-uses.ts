import { tf } from '@hep/graph';
import type { Context } from '../context.ts';
import type { Parameters } from '../parameters.ts';
import { BATCH_NORMALIZATION_EPSILON, BATCH_NORMALIZATION_MOMENTUM } from './batch-normalization.ts';
import {
  batchStatistics,
  moveStatistics,
  normaliseByBatch,
  normaliseByMoving,
  withoutBias,
} from './batch-statistics.ts';

/** A layer used several times at once. */
export interface NormalisedUses {
  /** Results of the layer in front, [uses, rows, C]. */
  readonly x: tf.Tensor;
  /** Its bias [C], not yet added: statistics of a batch take it out again, so only the moving mean follows it. */
  readonly bias: tf.Tensor;
  /** Whether the uses are of images; see `batchNormalization`. */
  readonly images: boolean;
}

/**
 * What a `batchNormalization` with Keras' defaults gives for x + bias in several uses, one after the other; each use
 * has statistics of its own. In training the gradient of the bias is exactly zero.
 */
export function normaliseUses(
  parameters: Parameters,
  { x, bias, images }: NormalisedUses,
  context: Context,
): tf.Tensor {
  const [uses, , channels] = x.shape;
  if (!context.training) return normaliseByMoving(parameters, tf.add(x, bias), BATCH_NORMALIZATION_EPSILON);
  const axes = [1];
  const { mean, variance } = batchStatistics(x, axes);
  const spread = images ? withoutBias(variance, x, axes) : variance;
  const each = (values: tf.Tensor) =>
    tf.split(tf.reshape(values, [uses, channels]), uses).map((value) => tf.reshape(value, [channels]));
  const spreads = each(spread);
  each(mean).forEach((value, use) =>
    moveStatistics(parameters, tf.add(value, bias), spreads[use], context, BATCH_NORMALIZATION_MOMENTUM),
  );
  return normaliseByBatch(parameters, x, BATCH_NORMALIZATION_EPSILON, axes);
}
