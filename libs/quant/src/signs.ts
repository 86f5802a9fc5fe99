import { tf } from '@hep/graph';
import { largestMagnitude, leastSquaresScale, nearestPowerOfTwo } from './automatic-scale.ts';
import type { Alpha, Binary, Ternary } from './config.ts';
import { indicator, signOf } from './straight-through.ts';
import type { Rule } from './straight-through.ts';

/** Without a scale the gradient is that of tanh. */
const tanhGradient: Pick<Rule, 'smooth' | 'slope'> = {
  smooth: (x) => tf.tanh(x),
  slope: (x) => tf.sub(1, tf.square(tf.tanh(x))),
};

const bound = (alpha: Alpha) => (typeof alpha === 'number' ? Math.max(1, alpha) : 1);

/** Rule of `binary`. */
export function binary({ use01, alpha }: Binary): Rule {
  const bits = (x: tf.Tensor) => (use01 ? indicator(tf.greaterEqual(x, 0)) : signOf(x));
  const bounds = { minimum: use01 ? 0 : -bound(alpha), maximum: bound(alpha) };
  if (typeof alpha === 'string') {
    const scale = (x: tf.Tensor) => leastSquaresScale(x, bits(x), alpha);
    return { ...bounds, scale, value: (x) => tf.mul(scale(x), bits(x)) };
  }
  const factor = alpha ?? 1;
  return {
    ...bounds,
    ...(alpha === null ? tanhGradient : {}),
    scale: () => tf.scalar(factor),
    value: (x) => tf.mul(bits(x), factor),
    grid: () => Float64Array.of(use01 ? 0 : -factor, factor).sort(),
  };
}

const DEFAULT_THRESHOLD = 0.33;

/** Rule of `ternary`. */
export function ternary(config: Ternary): Rule {
  const { alpha } = config;
  const bounds = { minimum: -bound(alpha), maximum: bound(alpha) };
  if (typeof alpha === 'string') {
    const search = (x: tf.Tensor) => searchTernaryScale(x, alpha, config.numberOfUnrolls);
    return {
      ...bounds,
      scale: (x) => search(x).scale,
      value: (x) => {
        const { scale, signs } = search(x);
        return tf.mul(scale, signs);
      },
    };
  }
  const factor = alpha ?? 1;
  const threshold = config.threshold ?? DEFAULT_THRESHOLD;
  return {
    ...bounds,
    ...(alpha === null ? tanhGradient : {}),
    scale: () => tf.scalar(factor),
    value: (x) => tf.mul(outside(x, x, threshold), factor),
    grid: () => Float64Array.of(-factor, 0, factor).sort(),
  };
}

/** The sign of `x` where the magnitude of `v` reaches the threshold, else 0. */
function outside(x: tf.Tensor, v: tf.Tensor, threshold: number | tf.Tensor): tf.Tensor {
  return tf.mul(indicator(tf.greaterEqual(tf.abs(v), threshold)), tf.sign(x));
}

/** Signs that reach half of the scale and the scale that fits them, in turns from two thirds of the maximum. */
function searchTernaryScale(x: tf.Tensor, alpha: 'auto' | 'auto_po2', rounds: number) {
  const first = tf.div(tf.mul(largestMagnitude(x), 2), 3);
  let scale = alpha === 'auto_po2' ? nearestPowerOfTwo(first) : first;
  let signs = x;
  for (let round = 0; round < rounds; round++) {
    const rounded = tf.mul(scale, tf.round(tf.div(x, scale)));
    signs = outside(x, rounded, tf.div(scale, 2));
    scale = leastSquaresScale(x, signs, alpha);
  }
  return { scale, signs };
}
