/** What the adversarial training measures on a batch. */
import { tf } from '@hep/graph';
import { binaryCrossEntropyOfLogits, categoricalCrossEntropyOfLogits, energyDistance } from '@hep/losses';
import { batchMean } from '@hep/nn';

/** A loss and the unweighted fraction of right answers, both scalars. */
export interface Judgement {
  readonly loss: tf.Scalar;
  readonly accuracy: tf.Scalar;
}

/** Named tensors of a batch. */
export type Sample = Readonly<Record<string, tf.Tensor>>;

/** Cross-entropy of the class logits [B, 3] against `label` [B, 3], weighted by `weight` [B]; accuracy of the argmax. */
export function judgeClasses(logits: tf.Tensor, { label, weight }: Sample): Judgement {
  const right = tf.equal(tf.argMax(logits, 1), tf.argMax(label, 1));
  return {
    loss: batchMean(categoricalCrossEntropyOfLogits(label, logits), weight),
    accuracy: batchMean(tf.cast(right, 'float32')),
  };
}

/** Cross-entropy of the adversary's logits [B, 1] against `isData` [B, 1], weighted; accuracy at probability 0.5. */
export function judgeAdversary(logits: tf.Tensor, { isData, weight }: Sample): Judgement {
  const right = tf.equal(tf.greater(logits, 0), tf.greater(isData, 0.5));
  return {
    loss: batchMean(binaryCrossEntropyOfLogits(isData, logits), weight),
    accuracy: batchMean(tf.cast(right, 'float32')),
  };
}

/**
 * Energy distance between data and simulation, 0 to 1, of the logarithms of the class probabilities: most jets have a
 * probability that is nearly 0, where only the logarithm tells differences.
 * @param logits of the classes [B, 3]
 */
export function disagreement(logits: tf.Tensor, { isData, weight }: Sample): tf.Scalar {
  return energyDistance(tf.logSoftmax(logits), isData, weight);
}
