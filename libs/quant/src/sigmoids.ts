import { tf } from '@hep/graph';
import type { QuantizedSigmoid, QuantizedTanh } from './config.ts';
import { indicator, multiples } from './straight-through.ts';
import type { Rule, TensorMap } from './straight-through.ts';

/** `0.5 x + 0.5` within [0, 1]. */
export function hardSigmoid(x: tf.Tensor): tf.Tensor {
  return tf.clipByValue(tf.add(tf.mul(x, 0.5), 0.5), 0, 1);
}

/** 1 where -1 <= x <= 1: where the hard sigmoid is not flat. */
const inHardRange = (x: tf.Tensor) => {
  const line = tf.add(tf.mul(x, 0.5), 0.5);
  return within(line, 0, 1);
};

function within(x: tf.Tensor, minimum: number, maximum: number): tf.Tensor {
  return indicator(tf.logicalAnd(tf.greaterEqual(x, minimum), tf.lessEqual(x, maximum)));
}

/** Rule of `quantized_tanh`. */
export function quantisedTanh(config: QuantizedTanh): Rule {
  const size = 2 ** (config.bits - 1);
  const real: Curve = { curve: tf.tanh, slope: (x) => tf.sub(1, tf.square(tf.tanh(x))) };
  const hard: Curve = { curve: (x) => tf.sub(tf.mul(hardSigmoid(x), 2), 1), slope: inHardRange };
  return rounded(config.useRealTanh ? real : hard, size, -size + Number(config.symmetric));
}

/** Rule of `quantized_sigmoid`. */
export function quantisedSigmoid(config: QuantizedSigmoid): Rule {
  const real: Curve = {
    curve: tf.sigmoid,
    slope: (x) => tf.mul(tf.sigmoid(x), tf.sub(1, tf.sigmoid(x))),
  };
  const hard: Curve = { curve: hardSigmoid, slope: (x) => tf.mul(inHardRange(x), 0.5) };
  return rounded(config.useRealSigmoid ? real : hard, 2 ** config.bits, Number(config.symmetric));
}

interface Curve {
  readonly curve: TensorMap;
  readonly slope: TensorMap;
}

/** A curve rounded to multiples of `1 / size` from `first`; no gradient where the rounded curve is cut. */
function rounded({ curve, slope }: Curve, size: number, first: number): Rule {
  const codes = (x: tf.Tensor) => tf.round(tf.mul(curve(x), size));
  return {
    value: (x) => tf.mul(tf.clipByValue(codes(x), first, size - 1), 1 / size),
    smooth: curve,
    slope: (x) => tf.mul(slope(x), within(codes(x), first, size - 1)),
    minimum: first / size,
    maximum: 1 - 1 / size,
    grid: () => multiples(first, size - 1, 1 / size),
  };
}
