import { tf } from '@hep/graph';
import { EPSILON } from './automatic-scale.ts';
import type { PowerOfTwoSettings, QuantizedPo2, QuantizedReluPo2 } from './config.ts';
import { boundedRelu } from './relu.ts';
import { signOf } from './straight-through.ts';
import type { Rule } from './straight-through.ts';

/** Smallest and largest exponent. */
interface Exponents {
  readonly first: number;
  readonly last: number;
}

/** Bits that an exponent has: one goes to its sign unless no value exceeds 1. */
export function exponentBits(config: QuantizedPo2 | QuantizedReluPo2): number {
  const valueBits = config.kind === 'quantized_po2' ? config.bits - 1 : config.bits;
  return valueBits - (config.maxValue === null || config.maxValue > 1 ? 1 : 0);
}

function exponentsOf(config: QuantizedPo2 | QuantizedReluPo2): Exponents {
  const count = 2 ** exponentBits(config);
  const last = count - 1;
  return { first: -count, last: config.quadraticApproximation ? 2 * Math.floor(last / 2) : last };
}

/** Rule of `quantized_po2`. The gradient is 1 everywhere. */
export function powerOfTwo(config: QuantizedPo2): Rule {
  const exponents = exponentsOf(config);
  const maximum = largestValue(config, exponents);
  return {
    value: (x) => tf.mul(signOf(x), nearestPower(tf.abs(x), config, exponents)),
    minimum: -maximum,
    maximum,
  };
}

/** Rule of `quantized_relu_po2`: gradient of the ReLU up to `maxValue`. */
export function reluPowerOfTwo(config: QuantizedReluPo2): Rule {
  const { negativeSlope, maxValue, bits } = config;
  const exponents = exponentsOf(config);
  const smallest = 2 ** exponents.first;
  const positive = (x: tf.Tensor) => nearestPower(tf.relu(x), config, exponents);
  const negative = (x: tf.Tensor) =>
    tf.neg(nearestPower(tf.mul(tf.relu(tf.neg(x)), negativeSlope), config, exponents));
  return {
    value: (x) =>
      negativeSlope === 0 ? positive(x) : tf.where(tf.greaterEqual(x, 0), positive(x), negative(x)),
    ...boundedRelu(negativeSlope, maxValue ?? Infinity),
    minimum: negativeSlope === 0 || bits === 1 ? smallest : -negativeSlope * 2 ** (bits - 1),
    maximum: largestValue(config, exponents),
  };
}

const largestValue = ({ maxValue }: PowerOfTwoSettings, { last }: Exponents) =>
  Math.max(1, maxValue ?? 2 ** last);

/** Power of two nearest in the exponent to each magnitude. */
function nearestPower(
  magnitude: tf.Tensor,
  config: PowerOfTwoSettings,
  { first, last }: Exponents,
): tf.Tensor {
  const raised = tf.maximum(magnitude, EPSILON);
  const limited = config.maxValue === null ? raised : tf.minimum(raised, config.maxValue);
  const halved = config.quadraticApproximation;
  const log2 = tf.mul(tf.div(tf.log(limited), Math.LN2), halved ? 0.5 : 1);
  const whole = config.log2Rounding === 'floor' ? tf.floor(log2) : tf.round(log2);
  const clipped = tf.mul(tf.clipByValue(whole, first, last), halved ? 2 : 1);
  const exponent = tf.where(tf.less(magnitude, EPSILON), tf.fill(magnitude.shape, first), clipped);
  return tf.pow(tf.scalar(2), exponent);
}
