/** Scales measured on the tensor: one per output channel (last axis), for a vector as each quantiser says. */
import { tf } from '@hep/graph';

/** Keras' epsilon. */
export const EPSILON = 1e-7;

/** Axes that share a scale: all but the last, of a vector its only one. */
function sharedAxes(x: tf.Tensor): number[] {
  return x.rank > 1 ? Array.from({ length: x.rank - 1 }, (_, i) => i) : [0];
}

/** Nearest power of two, in the exponent: `2^round(log2(scale + 1e-7))`. */
export function nearestPowerOfTwo(scale: tf.Tensor): tf.Tensor {
  const exponent = tf.div(tf.log(tf.add(scale, EPSILON)), Math.LN2);
  return tf.pow(tf.scalar(2), tf.round(exponent));
}

/**
 * Scale that fits `scale * q` to `x` best: `mean(x q) / (mean(q^2) + 1e-7)` per channel, of a vector per element
 * (QKeras, `_get_scale`).
 */
export function leastSquaresScale(x: tf.Tensor, q: tf.Tensor, alpha: 'auto' | 'auto_po2'): tf.Tensor {
  const mean = (products: tf.Tensor) => (x.rank > 1 ? tf.mean(products, sharedAxes(x), true) : products);
  const scale = tf.div(mean(tf.mul(x, q)), tf.add(mean(tf.mul(q, q)), EPSILON));
  return alpha === 'auto_po2' ? nearestPowerOfTwo(scale) : scale;
}

/** Largest magnitude per channel, of a vector over all elements. */
export function largestMagnitude(x: tf.Tensor): tf.Tensor {
  return tf.max(tf.abs(x), sharedAxes(x), true);
}
