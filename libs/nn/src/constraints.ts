import { tf } from '@hep/graph';
import { kerasObject } from './keras-config.ts';
import type { KerasObject } from './keras-config.ts';

/** Projection of a parameter onto its allowed values, applied after every update. */
export interface Constraint {
  /** Nearest allowed tensor, same shape. */
  project(parameter: tf.Tensor): tf.Tensor;
  readonly keras: KerasObject;
}

/** Every element within [minimum, maximum] (QKeras' `Clip`). */
export function clip(minimum: number, maximum: number): Constraint {
  return {
    project: (parameter) => tf.clipByValue(parameter, minimum, maximum),
    keras: {
      ...kerasObject('qkeras', 'Clip', { min_value: minimum, max_value: maximum }),
      registered_name: 'Clip',
    },
  };
}

/** No negative element. */
export const nonNegative: Constraint = {
  project: (parameter) => tf.relu(parameter),
  keras: kerasObject('keras.constraints', 'NonNeg'),
};

const EPSILON = 1e-7;

/** Euclidean norm over `axes` at most `maximum` (Keras' MaxNorm; for a dense kernel axis 0 bounds each unit). */
export function maxNorm(maximum: number, axes: readonly number[] = [0]): Constraint {
  return {
    project: (parameter) => {
      const norms = tf.sqrt(tf.sum(tf.square(parameter), [...axes], true));
      return tf.mul(parameter, tf.div(tf.minimum(norms, maximum), tf.add(norms, EPSILON)));
    },
    keras: kerasObject('keras.constraints', 'MaxNorm', {
      max_value: maximum,
      axis: axes.length === 1 ? axes[0] : axes,
    }),
  };
}
