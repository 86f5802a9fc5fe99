import { tf } from '@hep/graph';
import { meanPerSample } from './per-sample.ts';

/**
 * `(t - y)^2 max(y, t)`, the mean over all elements of a sample: errors count more where there is much charge.
 * On ties the gradient of the maximum goes to the prediction. Ecoder study, denseCNN.weightedMSE.
 * @param target [B, ...]
 * @param prediction [B, ...]
 * @returns [B]
 */
export function weightedMse(target: tf.Tensor, prediction: tf.Tensor): tf.Tensor {
  return meanPerSample(tf.mul(tf.squaredDifference(target, prediction), tf.maximum(prediction, target)));
}
