import { tf } from '@hep/graph';
import { nadam, sizeOf } from '@hep/nn';
import type { Optimiser, ParameterSpec } from '@hep/nn';

const DECAY = 0.96;

/**
 * Nadam as Keras 2.13 to 2.15 run it inside of a compiled training function: the product of momenta takes up one factor
 * for each variable it passes, in the optimiser's order, instead of one for each step. Only for agreement with numbers
 * made that way; `nadam` is the published algorithm.
 * @param order names of all `specs` in the optimiser's order
 */
export function perVariableNadam(specs: readonly ParameterSpec[], order: readonly string[]): Optimiser {
  const { beta1, beta2, epsilon } = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
  const factors = specs.flatMap(({ name, shape }) =>
    Array<number>(sizeOf(shape)).fill(order.indexOf(name) + 1),
  );
  return {
    ...nadam(),
    update: ({ parameters, gradients, slots, learningRate, step }) => {
      const { momentum: m, velocity: v, momentumProduct } = slots;
      const momentumAt = (t: tf.Tensor) => tf.mul(beta1, tf.sub(1, tf.mul(0.5, tf.pow(DECAY, t))));
      const [now, later] = [momentumAt(step), momentumAt(tf.add(step, 1))];
      const product = tf.mul(momentumProduct, tf.pow(now, tf.tensor1d(factors)));
      const momentum = tf.add(m, tf.mul(tf.sub(gradients, m), 1 - beta1));
      const velocity = tf.add(v, tf.mul(tf.sub(tf.square(gradients), v), 1 - beta2));
      const expected = tf.add(
        tf.div(tf.mul(momentum, later), tf.sub(1, tf.mul(product, later))),
        tf.div(tf.mul(gradients, tf.sub(1, now)), tf.sub(1, product)),
      );
      const corrected = tf.div(velocity, tf.sub(1, tf.pow(beta2, step)));
      const change = tf.div(tf.mul(expected, learningRate), tf.add(tf.sqrt(corrected), epsilon));
      return {
        parameters: tf.sub(parameters, change),
        slots: {
          momentum,
          velocity,
          momentumProduct: tf.mul(momentumProduct, tf.pow(now, order.length)),
        },
      };
    },
  };
}
