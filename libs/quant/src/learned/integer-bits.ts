/** The fewest bits left of the point that hold given numbers. */
import { tf } from '@hep/graph';
import { EPSILON } from '../automatic-scale.ts';
import { indicator } from '../straight-through.ts';
import { powerOfTwo } from './rounding.ts';

/** Integer bits that hold numbers up to `largest`, multiples of `2^-fraction`. */
export function integerBitsForFraction(largest: tf.Tensor, fraction: tf.Tensor): tf.Tensor {
  return ceilingOfLog2(tf.add(largest, powerOfTwo(tf.neg(fraction))));
}

/** More integer bits than any number needs: a step so coarse that everything rounds to 0. */
const WITHOUT_BITS = 32;

/** Integer bits that hold numbers up to `largest` in `bits` bits without sign. */
export function integerBitsForBits(largest: tf.Tensor, bits: tf.Tensor): tf.Tensor {
  const fill = tf.add(tf.sub(1, powerOfTwo(tf.neg(bits))), EPSILON);
  const some = indicator(tf.greater(bits, 0));
  const needed = ceilingOfLog2(tf.div(tf.add(largest, EPSILON), fill));
  return tf.add(tf.mul(some, needed), tf.mul(tf.sub(1, some), WITHOUT_BITS));
}

/** The exponent of the next power of two; exact for powers of two, whose logarithm may be off by a rounding. */
function ceilingOfLog2(x: tf.Tensor): tf.Tensor {
  const nearest = tf.round(tf.div(tf.log(x), Math.LN2));
  return tf.add(nearest, indicator(tf.greater(x, powerOfTwo(nearest))));
}

/** Largest magnitude of each group: a tensor of `shape`, to which the groups broadcast back. */
export function largestOfGroups(x: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const axes = tf.backend_util.getReductionAxes([...shape], x.shape);
  const magnitudes = tf.abs(x);
  return axes.length === 0 ? magnitudes : tf.reshape(tf.max(magnitudes, axes), [...shape]);
}
