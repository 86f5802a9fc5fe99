import { seededUniform, tf } from '@hep/graph';
import { kerasLayer, onlyShape } from '@hep/nn';
import type { Layer } from '@hep/nn';

/** Name of the cost that `sampling` reports: mean Kullback-Leibler divergence of a jet from the unit normal. */
export const KL_COST = 'kl';

/** Smallest uniform number that a logarithm is taken of; the generator's grid is 2^-24. */
const SMALLEST = 2 ** -25;

/**
 * Draws a latent vector from a normal distribution for each jet: [B, 2 L], means then logarithms of the standard
 * deviations, -> [B, L]. Inference gives the means. Reports the cost `kl`, the batch mean of
 * -1/2 sum(1 + 2 s - mean^2 - exp(2 s)), s = log sigma (Kingma and Welling, arXiv:1312.6114).
 */
export function sampling({ name }: { readonly name: string }): Layer {
  return {
    name,
    parameters: () => [],
    outputShape: (inputShapes) => [onlyShape(name, inputShapes, 1)[0] / 2],
    apply: (_, [moments], context) => {
      const [mean, logSigma] = tf.split(moments, 2, 1);
      const sigma = tf.exp(logSigma);
      const terms = tf.sub(tf.add(tf.square(mean), tf.square(sigma)), tf.add(tf.mul(logSigma, 2), 1));
      context.addCost(KL_COST, tf.mul(tf.mean(tf.sum(terms, 1)), 0.5) as tf.Scalar);
      if (!context.training) return mean;
      if (context.seed === undefined) throw new Error(`layer ${name}: training needs a seed`);
      const uniform = () => seededUniform(mean.shape, context.seed!, context.nextStream());
      return tf.add(mean, tf.mul(sigma, normal(uniform(), uniform())));
    },
    kerasConfig: () => ({ ...kerasLayer('Sampling', name, {}), isCustom: true }),
  };
}

/** Standard normal numbers of two uniform ones (Box and Muller). */
function normal(first: tf.Tensor, second: tf.Tensor): tf.Tensor {
  const radius = tf.sqrt(tf.mul(tf.log(tf.maximum(first, SMALLEST)), -2));
  return tf.mul(radius, tf.cos(tf.mul(second, 2 * Math.PI)));
}
