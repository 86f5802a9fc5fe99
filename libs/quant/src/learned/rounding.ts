import { tf } from '@hep/graph';
import type { TensorMap } from '../straight-through.ts';

/** How real numbers become integers; the names of AMD's `ap_fixed`. */
export const roundings = {
  /** To the nearest, ties up. */
  RND: (x) => tf.floor(tf.add(x, 0.5)),
  /** To the nearest, ties to even. */
  RND_CONV: (x) => tf.round(x),
  /** To the nearest, ties towards zero. */
  RND_ZERO: (x) => tf.mul(tf.sign(x), tf.ceil(tf.sub(tf.abs(x), 0.5))),
  /** To the nearest, ties away from zero. */
  RND_INF: (x) => tf.mul(tf.sign(x), tf.floor(tf.add(tf.abs(x), 0.5))),
  /** To the nearest, ties down. */
  RND_MIN_INF: (x) => tf.ceil(tf.sub(x, 0.5)),
  /** Down. */
  TRN: (x) => tf.floor(x),
  /** Towards zero. */
  TRN_ZERO: (x) => tf.mul(tf.sign(x), tf.floor(tf.abs(x))),
} as const satisfies Record<string, TensorMap>;

/** A key of `roundings`. */
export type Rounding = keyof typeof roundings;

/** The nearest integer (ties to even) with the gradient of the identity. */
export function roundThrough(x: tf.Tensor): tf.Tensor {
  const round = tf.customGrad((value) => ({
    value: tf.round(value as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => dy,
  }));
  return round(x);
}

/** `2^x`, exact where x is an integer of at most 126 in magnitude. */
export function powerOfTwo(x: tf.Tensor): tf.Tensor {
  return tf.pow(tf.scalar(2), x);
}
