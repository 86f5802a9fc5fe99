import { tf } from '@hep/graph';
import { kerasLayer, onlyShape } from '@hep/nn';
import type { Layer, Shape } from '@hep/nn';
import type { NumberFormat } from './fixed-point-number.ts';
import type { ElementBits } from './host-numbers.ts';
import { roundings } from './rounding.ts';

/** Constants of a quantiser with known bits, one for each element. */
interface Grid {
  readonly step: Float32Array;
  readonly minimum: Float32Array;
  /** Largest number; of an element without bits 0, as its minimum. */
  readonly maximum: Float32Array;
}

/**
 * A quantiser with known bits as a layer without parameters: constants and a handful of operations. It gives what the
 * learned quantiser gives in inference.
 */
export function settledInput(name: string, bits: ElementBits, format: NumberFormat): Layer {
  const grid = gridOf(bits, format);
  return {
    name,
    parameters: () => [],
    outputShape: (inputShapes) => onlyShape(name, inputShapes),
    apply: (_, [x]) => quantise(x, grid, bits.shape, format),
    kerasConfig: () => ({
      ...kerasLayer('FixedPoint', name, {
        ...format,
        integer: [...bits.integer],
        fraction: [...bits.fraction],
      }),
      isCustom: true,
    }),
  };
}

function gridOf({ integer, fraction, bits }: ElementBits, { overflow, keepNegative }: NumberFormat): Grid {
  const step = fraction.map((f) => 2 ** -f);
  const size = integer.map((i, e) => Math.max(2 ** i, step[e]));
  const maximum = size.map((s, e) => (bits[e] === 0 ? 0 : s - step[e]));
  const lowest = overflow === 'SAT_SYM' ? maximum : size;
  const minimum = maximum.map((_, e) => (bits[e] === 0 || !keepNegative ? 0 : -lowest[e]));
  return { step, minimum, maximum };
}

function quantise(x: tf.Tensor, grid: Grid, shape: Shape, { rounding, overflow }: NumberFormat): tf.Tensor {
  const constant = (values: Float32Array) => constantOf(values, shape);
  const { step, minimum, maximum } = grid;
  const toGrid = (value: tf.Tensor) =>
    tf.mul(roundings[rounding](tf.mul(value, constant(step.map((s) => 1 / s)))), constant(step));
  if (overflow !== 'WRAP') return toGrid(tf.maximum(tf.minimum(x, constant(maximum)), constant(minimum)));
  const lift = constant(minimum);
  // An element without bits has a period of one step, in which only 0 lies once it is rounded.
  const period = constant(maximum.map((largest, e) => largest - minimum[e] + step[e]));
  const rounded = toGrid(x);
  return tf.sub(rounded, tf.mul(period, tf.floor(tf.div(tf.sub(rounded, lift), period))));
}

/** A scalar where all numbers are equal. */
function constantOf(values: Float32Array, shape: Shape): tf.Tensor {
  return values.every((value) => value === values[0]) ? tf.scalar(values[0]) : tf.tensor(values, [...shape]);
}
