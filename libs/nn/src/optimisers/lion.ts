import { tf } from '@hep/graph';
import { vectorSlots } from './optimiser.ts';
import type { CommonOptions, Optimiser } from './optimiser.ts';

/** Options of `lion`. */
export interface LionOptions extends CommonOptions {
  /** Share of the memory in the sign; default 0.9. */
  readonly beta1?: number;
  /** Memory of the gradient; default 0.99. */
  readonly beta2?: number;
}

/** Steps of equal size along the sign of a mean of gradients (Chen et al., arXiv:2302.06675). */
export function lion(options: LionOptions = {}): Optimiser {
  const { beta1 = 0.9, beta2 = 0.99, weightDecay = 0 } = options;
  return {
    name: 'lion',
    slots: vectorSlots('momentum'),
    weightDecay,
    update: ({ parameters, gradients, slots, learningRate }) => {
      const { momentum } = slots;
      const direction = tf.sign(tf.add(tf.mul(momentum, beta1), tf.mul(gradients, 1 - beta1)));
      const memory = tf.add(tf.mul(momentum, beta2), tf.mul(gradients, 1 - beta2));
      return { parameters: tf.sub(parameters, tf.mul(direction, learningRate)), slots: { momentum: memory } };
    },
  };
}
