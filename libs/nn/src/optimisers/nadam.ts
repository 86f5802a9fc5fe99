import { tf } from '@hep/graph';
import { biasCorrection, nextMoments } from './adam.ts';
import type { AdamOptions } from './adam.ts';
import { vectorSlots } from './optimiser.ts';
import type { Optimiser } from './optimiser.ts';

const DECAY = 0.96;

/**
 * Adam with Nesterov momentum. `u_t = beta1 (1 - 0.5 * 0.96^t)`; the product of all `u` so far is a scalar slot.
 */
export function nadam(options: AdamOptions = {}): Optimiser {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7, weightDecay = 0 } = options;
  const momentumAt = (step: tf.Tensor) => tf.mul(beta1, tf.sub(1, tf.mul(0.5, tf.pow(DECAY, step))));
  return {
    name: 'nadam',
    slots: [...vectorSlots('momentum', 'velocity'), { name: 'momentumProduct', size: 'scalar', initial: 1 }],
    weightDecay,
    update: ({ parameters, gradients, slots, learningRate, step }) => {
      const next = nextMoments({ beta1, beta2 }, slots, gradients);
      const now = momentumAt(step);
      const later = momentumAt(tf.add(step, 1));
      const product = tf.mul(slots['momentumProduct'], now);
      const expected = tf.add(
        tf.mul(next.momentum, tf.div(later, tf.sub(1, tf.mul(product, later)))),
        tf.mul(gradients, tf.div(tf.sub(1, now), tf.sub(1, product))),
      );
      const scale = tf.add(tf.sqrt(tf.div(next.velocity, biasCorrection(beta2, step))), epsilon);
      const change = tf.div(tf.mul(expected, learningRate), scale);
      return { parameters: tf.sub(parameters, change), slots: { ...next, momentumProduct: product } };
    },
  };
}
