import { tf } from '@hep/graph';
import { vectorSlots } from './optimiser.ts';
import type { CommonOptions, Optimiser, UpdateResult } from './optimiser.ts';

/** Options of `sgd`. */
export interface SgdOptions extends CommonOptions {
  /** Default 0: no memory. */
  readonly momentum?: number;
  /** Look ahead by one momentum step; default false. */
  readonly nesterov?: boolean;
}

/** Gradient descent: `m = momentum * m - lr * g`, `w += m` (Nesterov: `w += momentum * m - lr * g`). */
export function sgd(options: SgdOptions = {}): Optimiser {
  const { momentum = 0, nesterov = false, weightDecay = 0 } = options;
  return {
    name: 'sgd',
    slots: momentum === 0 ? [] : vectorSlots('momentum'),
    weightDecay,
    update: ({ parameters, gradients, slots, learningRate }): UpdateResult => {
      const descent = tf.mul(gradients, tf.neg(learningRate));
      if (momentum === 0) return { parameters: tf.add(parameters, descent), slots: {} };
      const memory = tf.add(tf.mul(slots['momentum'], momentum), descent);
      const change = nesterov ? tf.add(tf.mul(memory, momentum), descent) : memory;
      return { parameters: tf.add(parameters, change), slots: { momentum: memory } };
    },
  };
}
