import { tf } from '@hep/graph';
import { kerasObject } from './keras-config.ts';
import type { KerasObject } from './keras-config.ts';

/** Penalty on a parameter, added once per parameter to the batch loss. */
export interface Regulariser {
  /** Scalar penalty of a tensor. */
  penalty(parameter: tf.Tensor): tf.Scalar;
  /** Null where Keras has none; files leave it away, since only training needs it. */
  readonly keras: KerasObject | null;
}

/** `factor * sum(|w|)`. */
export function l1(factor: number): Regulariser {
  return {
    penalty: (parameter) => tf.mul(tf.sum(tf.abs(parameter)), factor),
    keras: kerasObject('keras.regularizers', 'L1', { l1: factor }),
  };
}

/** `factor * sum(w^2)`. */
export function l2(factor: number): Regulariser {
  return {
    penalty: (parameter) => tf.mul(tf.sum(tf.square(parameter)), factor),
    keras: kerasObject('keras.regularizers', 'L2', { l2: factor }),
  };
}

/** Sum of `l1` and `l2`. */
export function l1l2(factorL1: number, factorL2: number): Regulariser {
  return {
    penalty: (parameter) => tf.add(l1(factorL1).penalty(parameter), l2(factorL2).penalty(parameter)),
    keras: kerasObject('keras.regularizers', 'L1L2', { l1: factorL1, l2: factorL2 }),
  };
}

/** Where the norm is smaller its gradient, which has no direction at 0, is left away. */
const LEAST_SQUARE = 1e-24;

/**
 * `factor * ||W^T W - 1||_F` with W [rows, columns] the kernel, all axes but the last as one, turned so that it has at
 * least as many rows as columns. For a convolution's kernel that is the distance of its convolution with itself (valid)
 * from the identity.
 */
export function orthogonality(factor: number): Regulariser {
  return {
    penalty: (parameter) => {
      const columns = parameter.shape[parameter.rank - 1];
      const rows = parameter.size / columns;
      const matrix = tf.reshape(parameter, [rows, columns]) as tf.Tensor2D;
      const isTall = rows >= columns;
      const products = tf.matMul(matrix, matrix, isTall, !isTall);
      const squares = tf.sum(tf.square(tf.sub(products, tf.eye(Math.min(rows, columns)))));
      return tf.mul(tf.sqrt(tf.maximum(squares, LEAST_SQUARE)), factor);
    },
    keras: null,
  };
}
