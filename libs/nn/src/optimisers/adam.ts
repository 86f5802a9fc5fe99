import { tf } from '@hep/graph';
import { vectorSlots } from './optimiser.ts';
import type { CommonOptions, Optimiser } from './optimiser.ts';

/** Options of the Adam family. */
export interface AdamOptions extends CommonOptions {
  /** Memory of the first moment; default 0.9. */
  readonly beta1?: number;
  /** Memory of the second moment; default 0.999. */
  readonly beta2?: number;
  /** Default 1e-7. */
  readonly epsilon?: number;
}

/** First and second moments after a gradient. */
export function nextMoments(
  { beta1, beta2 }: { readonly beta1: number; readonly beta2: number },
  slots: Readonly<Record<string, tf.Tensor>>,
  gradients: tf.Tensor,
): { readonly momentum: tf.Tensor; readonly velocity: tf.Tensor } {
  const { momentum, velocity } = slots;
  return {
    momentum: tf.add(momentum, tf.mul(tf.sub(gradients, momentum), 1 - beta1)),
    velocity: tf.add(velocity, tf.mul(tf.sub(tf.square(gradients), velocity), 1 - beta2)),
  };
}

/** `1 - beta^step` for the scalar `step`. */
export function biasCorrection(beta: number, step: tf.Tensor): tf.Tensor {
  return tf.sub(1, tf.pow(beta, step));
}

/**
 * Adam: `w -= lr sqrt(1 - beta2^t) / (1 - beta1^t) * m / (sqrt(v) + epsilon)`; epsilon stands outside of the bias
 * correction.
 */
export function adam(options: AdamOptions = {}): Optimiser {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7, weightDecay = 0 } = options;
  return {
    name: 'adam',
    slots: vectorSlots('momentum', 'velocity'),
    weightDecay,
    update: ({ parameters, gradients, slots, learningRate, step }) => {
      const next = nextMoments({ beta1, beta2 }, slots, gradients);
      const correction = tf.div(tf.sqrt(biasCorrection(beta2, step)), biasCorrection(beta1, step));
      const rate = tf.mul(learningRate, correction);
      const change = tf.div(tf.mul(next.momentum, rate), tf.add(tf.sqrt(next.velocity), epsilon));
      return { parameters: tf.sub(parameters, change), slots: next };
    },
  };
}

/** Adam with decoupled weight decay, 0.004 unless given. */
export function adamW(options: AdamOptions = {}): Optimiser {
  return { ...adam({ weightDecay: 0.004, ...options }), name: 'adamW' };
}
