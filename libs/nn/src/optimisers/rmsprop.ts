import { tf } from '@hep/graph';
import { vectorSlots } from './optimiser.ts';
import type { CommonOptions, Optimiser, UpdateResult } from './optimiser.ts';

/** Options of `rmsprop`. */
export interface RmspropOptions extends CommonOptions {
  /** Memory of the squared gradient; default 0.9. */
  readonly rho?: number;
  /** Default 0: no memory of the change. */
  readonly momentum?: number;
  /** Default 1e-7. */
  readonly epsilon?: number;
}

/** Gradient over its running root mean square: `w -= lr g / sqrt(v + epsilon)`, epsilon under the root. */
export function rmsprop(options: RmspropOptions = {}): Optimiser {
  const { rho = 0.9, momentum = 0, epsilon = 1e-7, weightDecay = 0 } = options;
  return {
    name: 'rmsprop',
    slots: momentum === 0 ? vectorSlots('velocity') : vectorSlots('velocity', 'momentum'),
    weightDecay,
    update: ({ parameters, gradients, slots, learningRate }): UpdateResult => {
      const velocity = tf.add(tf.mul(slots['velocity'], rho), tf.mul(tf.square(gradients), 1 - rho));
      const change = tf.div(tf.mul(gradients, learningRate), tf.sqrt(tf.add(velocity, epsilon)));
      if (momentum === 0) return { parameters: tf.sub(parameters, change), slots: { velocity } };
      const memory = tf.add(tf.mul(slots['momentum'], momentum), change);
      return { parameters: tf.sub(parameters, memory), slots: { velocity, momentum: memory } };
    },
  };
}
