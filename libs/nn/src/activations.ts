import { tf } from '@hep/graph';

const functions = {
  linear: (x: tf.Tensor) => x,
  relu: (x: tf.Tensor) => tf.relu(x),
  sigmoid: (x: tf.Tensor) => tf.sigmoid(x),
  tanh: (x: tf.Tensor) => tf.tanh(x),
  softmax: (x: tf.Tensor) => tf.softmax(x),
  swish: (x: tf.Tensor) => tf.mul(x, tf.sigmoid(x)),
} as const;

/** Name of an element-wise function, or `softmax` over the last axis. */
export type ActivationName = keyof typeof functions;

/** Applies an activation; the shape stays. */
export function activate(name: ActivationName, x: tf.Tensor): tf.Tensor {
  return functions[name](x);
}
