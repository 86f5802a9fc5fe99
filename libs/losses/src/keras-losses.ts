/** Losses of Keras 2.15, per sample: (target [B, ...], prediction [B, ...]) -> [B]. */
import { tf } from '@hep/graph';
import { meanPerSample } from './per-sample.ts';

/** Keras' smallest number that counts as positive. */
const EPSILON = 1e-7;

/** Mean of `(t - y)^2`. */
export function meanSquaredError(target: tf.Tensor, prediction: tf.Tensor): tf.Tensor {
  return meanPerSample(tf.squaredDifference(prediction, target));
}

/** Root of the mean of `(t - y)^2`; its gradient is finite for a perfect prediction, too. */
export function rootMeanSquaredError(target: tf.Tensor, prediction: tf.Tensor): tf.Tensor {
  return tf.sqrt(tf.add(meanSquaredError(target, prediction), EPSILON ** 2));
}

/**
 * A loss of errors along the last axis that are multiplied by `factors`, for variables whose units count differently.
 * @param factors one for each element of the last axis
 */
export function scaledErrors(
  loss: (target: tf.Tensor, prediction: tf.Tensor) => tf.Tensor,
  factors: readonly number[],
): (target: tf.Tensor, prediction: tf.Tensor) => tf.Tensor {
  if (factors.every((factor) => factor === 1)) return loss;
  return (target, prediction) => {
    const scale = tf.tensor1d([...factors]);
    return loss(tf.mul(target, scale), tf.mul(prediction, scale));
  };
}

/** Mean of `|t - y|`. */
export function meanAbsoluteError(target: tf.Tensor, prediction: tf.Tensor): tf.Tensor {
  return meanPerSample(tf.abs(tf.sub(target, prediction)));
}

/** Mean of `100 |t - y| / max(|t|, 1e-7)`. */
export function meanAbsolutePercentageError(target: tf.Tensor, prediction: tf.Tensor): tf.Tensor {
  const relative = tf.div(tf.sub(target, prediction), tf.maximum(tf.abs(target), EPSILON));
  return tf.mul(meanPerSample(tf.abs(relative)), 100);
}

/** Mean of `(log(1 + t) - log(1 + y))^2`; values below 1e-7 count as 1e-7. */
export function meanSquaredLogarithmicError(target: tf.Tensor, prediction: tf.Tensor): tf.Tensor {
  const logarithm = (x: tf.Tensor) => tf.log(tf.add(tf.maximum(x, EPSILON), 1));
  return meanPerSample(tf.squaredDifference(logarithm(prediction), logarithm(target)));
}

/** Mean of `e^2 / 2` where `|e| <= delta`, `delta |e| - delta^2 / 2` beyond, `e = y - t`. `delta` is 1 unless given. */
export function huber(delta = 1): (target: tf.Tensor, prediction: tf.Tensor) => tf.Tensor {
  return (target, prediction) => {
    const size = tf.abs(tf.sub(prediction, target));
    const inner = tf.minimum(size, delta);
    return meanPerSample(tf.mul(inner, tf.sub(size, tf.mul(inner, 0.5))));
  };
}

/**
 * PyTorch's SmoothL1: mean of `e^2 / (2 beta)` where `|e| < beta`, `|e| - beta / 2` beyond; `huber(beta) / beta`. `beta` is
 * 1 unless given.
 */
export function smoothL1(beta = 1): (target: tf.Tensor, prediction: tf.Tensor) => tf.Tensor {
  const unscaled = huber(beta);
  return (target, prediction) => tf.div(unscaled(target, prediction), beta);
}

/** Mean of `-(t log(p + 1e-7) + (1 - t) log(1 - p + 1e-7))` with p, a probability, kept within [1e-7, 1 - 1e-7]. */
export function binaryCrossEntropy(target: tf.Tensor, prediction: tf.Tensor): tf.Tensor {
  const p = tf.clipByValue(prediction, EPSILON, 1 - EPSILON);
  const signal = tf.mul(target, tf.log(tf.add(p, EPSILON)));
  const background = tf.mul(tf.sub(1, target), tf.log(tf.add(tf.sub(1, p), EPSILON)));
  return meanPerSample(tf.neg(tf.add(signal, background)));
}

/**
 * `-sum_c t_c log p_c` for classes along the last axis of [B, C]; p is divided by its sum and kept within
 * [1e-7, 1 - 1e-7].
 */
export function categoricalCrossEntropy(target: tf.Tensor, prediction: tf.Tensor): tf.Tensor {
  const normalised = tf.div(prediction, tf.sum(prediction, -1, true));
  const p = tf.clipByValue(normalised, EPSILON, 1 - EPSILON);
  return tf.neg(tf.sum(tf.mul(target, tf.log(p)), -1));
}

/**
 * Binary cross-entropy of `sigmoid(logit)`, mean over the elements: `max(x, 0) - t x + log(1 + exp(-|x|))`. What Keras
 * computes when a model ends in a sigmoid: no clipping, no vanishing gradient.
 */
export function binaryCrossEntropyOfLogits(target: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  const tail = tf.log1p(tf.exp(tf.neg(tf.abs(logits))));
  return meanPerSample(tf.add(tf.sub(tf.relu(logits), tf.mul(target, logits)), tail));
}

/** Categorical cross-entropy of `softmax(logits)`, both [B, C]: what Keras computes when a model ends in a softmax. */
export function categoricalCrossEntropyOfLogits(target: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  return tf.neg(tf.sum(tf.mul(target, tf.logSoftmax(logits)), -1));
}
