import { tf } from '@hep/graph';
import { kerasObject } from './keras-config.ts';
import type { KerasObject } from './keras-config.ts';

/** Penalty on a parameter, added once per parameter to the batch loss. */
export interface Regulariser {
  /** Scalar penalty of a tensor. */
  penalty(parameter: tf.Tensor): tf.Scalar;
  readonly keras: KerasObject;
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
