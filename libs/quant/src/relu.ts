import { tf } from '@hep/graph';
import type { QuantizedRelu } from './config.ts';
import { indicator, multiples } from './straight-through.ts';
import type { Rule, TensorMap } from './straight-through.ts';
import { hardSigmoid } from './sigmoids.ts';

/** Rule of `quantized_relu`. Gradient 1 above 0 up to the largest number, the negative slope below, else 0. */
export function quantisedRelu(config: QuantizedRelu): Rule {
  const { negativeSlope, integer } = config;
  const magnitudeBits = config.bits - (negativeSlope === 0 ? 0 : 1);
  const largest = magnitudeBits > 0 ? Math.max(1, 2 ** integer) : 1;
  const step = 2 ** (integer - magnitudeBits);
  const bound = config.isQuantizedClip ? 2 ** integer - step : (config.reluUpperBound ?? Infinity);
  const isPlain =
    negativeSlope === 0 && !config.useSigmoid && (config.isQuantizedClip || !config.reluUpperBound);
  return {
    value: reluValue(config, magnitudeBits),
    ...boundedRelu(negativeSlope, bound),
    minimum: negativeSlope === 0 ? 0 : magnitudeBits > 0 ? -negativeSlope * 2 ** integer : -1,
    maximum: largest,
    grid: isPlain ? () => multiples(0, 2 ** magnitudeBits - 1, step) : undefined,
  };
}

/** Leaky ReLU that is constant above a bound, and its gradient: the negative slope at 0, 1 at the bound. */
export function boundedRelu(negativeSlope: number, bound: number): Required<Pick<Rule, 'smooth' | 'slope'>> {
  const relu = (x: tf.Tensor) =>
    negativeSlope === 0 ? tf.relu(x) : tf.where(tf.greater(x, 0), x, tf.mul(x, negativeSlope));
  const slope = (x: tf.Tensor) => {
    const positive = indicator(tf.greater(x, 0));
    return negativeSlope === 0 ? positive : tf.add(tf.mul(positive, 1 - negativeSlope), negativeSlope);
  };
  if (bound === Infinity) return { smooth: relu, slope };
  return {
    smooth: (x) => tf.where(tf.lessEqual(x, bound), relu(x), tf.fill(x.shape, bound)),
    slope: (x) => tf.mul(slope(x), indicator(tf.lessEqual(x, bound))),
  };
}

function reluValue(config: QuantizedRelu, magnitudeBits: number): TensorMap {
  const { negativeSlope, useSigmoid } = config;
  const unit = 2 ** config.integer;
  const size = 2 ** magnitudeBits;
  const fraction = (codes: tf.Tensor) =>
    useSigmoid ? tf.sub(tf.mul(codes, 2 / size), 1) : tf.mul(codes, 1 / size);
  const part = (codes: tf.Tensor, from: number, to: number, factor: number) =>
    tf.mul(tf.clipByValue(fraction(codes), from, to), factor);
  const limit = config.isQuantizedClip ? null : config.reluUpperBound;
  return (x) => {
    const scaled = tf.mul(useSigmoid ? hardSigmoid(tf.mul(x, 1 / unit)) : tf.mul(x, 1 / unit), size);
    let value = part(tf.round(scaled), 0, 1 - 1 / size, unit);
    if (negativeSlope > 0) {
      const negative = tf.mul(tf.round(tf.mul(scaled, negativeSlope)), 1 / negativeSlope);
      value = tf.add(value, part(negative, -1, 0, unit * negativeSlope));
    }
    return limit ? tf.minimum(value, limit) : value;
  };
}
