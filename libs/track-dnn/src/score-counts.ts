/** Area under the ROC from counts of scores, which add up over batches and replicas. */
import { tf } from '@hep/graph';
import { areaUnderRoc, kerasThresholds, rocOfBins } from '@hep/statistics';

/** Keras' metric AUC has 200 thresholds, and 199 bins between them. */
const THRESHOLDS = kerasThresholds();
const BINS = THRESHOLDS.length - 1;

/** A bin is a row and a column of a small table, the product of two one-hot codes: cheaper than one code of all bins. */
const ROWS = 15;
const COLUMNS = 14;

const codes = (depth: number) =>
  tf.tensor2d(
    Float32Array.from({ length: depth }, (_, i) => i),
    [depth, 1],
  );

/**
 * Tally: how many fakes and how many true tracks have scores in each bin, [2, 210], the last 11 bins empty. A bin holds its
 * upper edge, not its lower one.
 * @param target 0 or 1, [B, 1]
 * @param logits [B, 1]
 */
export function scoreCounts(target: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  // With the tracks along the last axis every operation runs over long stretches of memory.
  const across = (column: tf.Tensor) => tf.reshape(column, [1, column.shape[0]!]);
  const bin = tf.maximum(tf.sub(tf.ceil(tf.mul(tf.sigmoid(across(logits)), BINS)), 1), 0);
  // Half a bin keeps the quotient off the integers, whatever the rounding.
  const row = tf.floor(tf.div(tf.add(bin, 0.5), COLUMNS));
  const column = tf.sub(bin, tf.mul(row, COLUMNS));
  const rows = tf.cast(tf.equal(codes(ROWS), row), 'float32');
  const columns = tf.cast(tf.equal(codes(COLUMNS), column), 'float32');
  const isTrue = tf.mul(rows, across(target));
  const isFake = tf.sub(rows, isTrue);
  return tf.reshape(tf.matMul(tf.concat([isFake, isTrue], 0), columns, false, true), [2, ROWS * COLUMNS]);
}

/** Area under the ROC, as Keras' metric AUC has it, of tracks counted by `scoreCounts`; NaN without either kind. */
export function areaOfCounts(counts: Float64Array): number {
  const kind = (first: number) => counts.subarray(first, first + BINS);
  return areaUnderRoc(rocOfBins(kind(ROWS * COLUMNS), kind(0), THRESHOLDS.subarray(0, BINS)));
}
