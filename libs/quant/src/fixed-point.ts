import { tf } from '@hep/graph';
import { largestMagnitude, leastSquaresScale, nearestPowerOfTwo } from './automatic-scale.ts';
import type { QuantizedBits } from './config.ts';
import { multiples, signOf } from './straight-through.ts';
import type { Rule } from './straight-through.ts';

/** Rule of `quantized_bits`. The gradient is 1 everywhere, also outside of the range. */
export function fixedPoint(config: QuantizedBits): Rule {
  const { alpha, keepNegative, integer } = config;
  const unsignedBits = config.bits - Number(keepNegative);
  const maximum = unsignedBits > 0 ? Math.max(1, 2 ** integer) : 1;
  const bounds = { minimum: keepNegative ? -maximum : 0, maximum };
  if (typeof alpha === 'string') return { ...bounds, ...automaticallyScaled(config, alpha) };
  const factor = alpha ?? 1;
  const scale = () => tf.scalar(factor);
  if (unsignedBits === 0) return { ...bounds, scale, ...signRule(factor) };
  const step = 2 ** (integer - unsignedBits);
  const last = 2 ** unsignedBits - 1;
  const first = keepNegative ? -(2 ** unsignedBits) + Number(config.symmetric) : 0;
  return {
    ...bounds,
    scale,
    value: (x) => tf.mul(tf.clipByValue(tf.round(tf.mul(x, 1 / step)), first, last), step * factor),
    grid: () => multiples(first, last, step * factor),
  };
}

function signRule(factor: number): Pick<Rule, 'value' | 'grid'> {
  return {
    value: (x) => tf.mul(signOf(x), factor),
    grid: () => Float64Array.of(-factor, factor).sort(),
  };
}

/** Rounds of the search for a power of two. */
const ROUNDS = 5;

function automaticallyScaled(
  config: QuantizedBits,
  alpha: 'auto' | 'auto_po2',
): Pick<Rule, 'value' | 'scale'> {
  const unit = 2 ** config.integer;
  const levels = 2 ** (config.bits - 1) - 1;
  const unsignedSize = 2 ** (config.bits - Number(config.keepNegative));
  const search = (x: tf.Tensor) => {
    const inUnits = tf.div(x, unit);
    const first = tf.div(largestMagnitude(inUnits), levels);
    if (alpha === 'auto') return { scale: first, codes: symmetricCodes(inUnits, first, levels) };
    let scale = nearestPowerOfTwo(first);
    let codes = symmetricCodes(inUnits, scale, levels);
    for (let round = 0; round < ROUNDS; round++) {
      codes = symmetricCodes(inUnits, scale, levels);
      scale = leastSquaresScale(inUnits, codes, alpha);
    }
    return { scale, codes };
  };
  return {
    value: (x) => {
      const { scale, codes } = search(x);
      return tf.mul(scale, tf.mul(codes, unit));
    },
    scale: (x) => tf.mul(search(x).scale, unsignedSize),
  };
}

/** Integers in [-levels, levels], ties away from zero; 0 where the scale is 0. */
function symmetricCodes(x: tf.Tensor, scale: tf.Tensor, levels: number): tf.Tensor {
  const magnitudes = tf.floor(tf.add(tf.div(tf.abs(x), scale), 0.5));
  const limited = tf.where(tf.less(magnitudes, levels), magnitudes, tf.fill(x.shape, levels));
  return tf.mul(tf.sign(x), limited);
}
