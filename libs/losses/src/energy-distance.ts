import { tf } from '@hep/graph';

/** Keeps the derivative of the root finite where two points coincide. */
const LEAST_SQUARE = 1e-6;
/** Keeps quotients of what has no weight finite. */
const TINY = 1e-9;

/**
 * How differently two weighted samples are distributed: the normalised energy distance
 * `1 - (E|x - x'| + E|y - y'|) / (2 E|x - y|)`, 0 for equal distributions and 1 at most (G. Székely and M. Rizzo, 2013).
 * Pairs of a point with itself are left out, so that batches of equal distributions give 0 in the mean; the scale of the
 * points does not matter. 0 where a sample has no weight.
 * @param points [B, K]
 * @param isFirst [B, 1], 1 for the points of the first sample and 0 for those of the second
 * @param weights [B], not negative
 * @returns scalar
 */
export function energyDistance(points: tf.Tensor, isFirst: tf.Tensor, weights: tf.Tensor): tf.Scalar {
  const column = tf.reshape(weights, [-1, 1]);
  const distances = pairDistances(points);
  const [first, second] = [isFirst, tf.sub(1, isFirst)].map((isMember) => sample(tf.mul(isMember, column)));
  const across = tf.mul(2, tf.sum(tf.mul(first.shares, tf.matMul(distances, second.shares))));
  const within = tf.add(meanDistance(first, distances), meanDistance(second, distances));
  const share = tf.div(tf.sub(across, within), tf.add(across, TINY));
  return tf.mul(share, tf.mul(first.isPresent, second.isPresent)) as tf.Scalar;
}

interface Sample {
  /** Weights [B, 1] that sum to 1, or to 0 when there are none. */
  readonly shares: tf.Tensor;
  /** 1 or 0. */
  readonly isPresent: tf.Tensor;
}

function sample(weights: tf.Tensor): Sample {
  const sum = tf.sum(weights);
  return { shares: tf.div(weights, tf.add(sum, TINY)), isPresent: tf.cast(tf.greater(sum, 0), 'float32') };
}

/** Mean distance of two different points; 0 for a single one. */
function meanDistance({ shares }: Sample, distances: tf.Tensor): tf.Tensor {
  const ofItself = tf.sum(tf.square(shares));
  const all = tf.sum(tf.mul(shares, tf.matMul(distances, shares)));
  const others = tf.sub(all, tf.mul(ofItself, Math.sqrt(LEAST_SQUARE)));
  return tf.div(others, tf.add(tf.relu(tf.sub(1, ofItself)), TINY));
}

/** Distances [B, B] of all points. */
function pairDistances(points: tf.Tensor): tf.Tensor {
  const count = points.shape[1]!;
  const coordinates = count === 1 ? [points] : tf.split(points, count, 1);
  const squares = coordinates.map((x) => tf.square(tf.sub(x, tf.transpose(x))));
  const sum = squares.reduce((total, square) => tf.add(total, square));
  return tf.sqrt(tf.add(sum, LEAST_SQUARE));
}
