import { tf } from '@hep/graph';

/** All axes but the batch as one: [B, N]. */
export function perSample(x: tf.Tensor): tf.Tensor2D {
  const size = x.shape.slice(1).reduce((product, axis) => product * axis, 1);
  return tf.reshape(x, [x.shape[0], size]) as tf.Tensor2D;
}

/** Mean over all axes but the batch: [B, ...] -> [B]. */
export function meanPerSample(x: tf.Tensor): tf.Tensor {
  return x.rank === 1 ? x : tf.mean(perSample(x), 1);
}
