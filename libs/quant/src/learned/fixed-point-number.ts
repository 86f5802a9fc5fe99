/** Fixed-point numbers whose bits are tensors, with gradients in the number and in the bits (Sun et al., HGQ). */
import { tf } from '@hep/graph';
import { indicator } from '../straight-through.ts';
import type { TensorMap } from '../straight-through.ts';
import { powerOfTwo, roundings } from './rounding.ts';
import type { Rounding } from './rounding.ts';

/** Beyond the range: the nearest number, the same with a symmetric range, or the low bits only. */
export const overflows = ['SAT', 'SAT_SYM', 'WRAP'] as const;

/** One of `overflows`. */
export type Overflow = (typeof overflows)[number];

/** What a number format has beside its bits. */
export interface NumberFormat {
  readonly rounding: Rounding;
  readonly overflow: Overflow;
  /** Whether there is a sign bit. */
  readonly keepNegative: boolean;
}

/** Bits left and right of the point, without sign: integers in float32 that broadcast to the numbers' shape. */
export interface BitTensors {
  readonly integer: tf.Tensor;
  readonly fraction: tf.Tensor;
}

type Slopes = Readonly<Record<'x' | 'integer' | 'fraction', tf.Tensor>>;

/**
 * Numbers on a grid of step `2^-fraction` between `-2^integer` (with a sign; `SAT_SYM`: one step above it) and
 * `2^integer - 2^-fraction`; `integer` counts as `-fraction` where it is less. Saturation comes before rounding.
 *
 * Gradients: rounding is the identity; the step and the bounds depend on the bits. `WRAP` bounds nothing in training.
 * In inference, groups without bits give 0, so that what costs nothing is nothing; a sign alone counts under `SAT` only,
 * where it is -1 step or 0.
 */
export function fixedPointNumber(
  x: tf.Tensor,
  { integer, fraction }: BitTensors,
  format: NumberFormat,
  training: boolean,
): tf.Tensor {
  const quantise = tf.customGrad((...operands) => {
    const save = operands.pop() as unknown as tf.GradSaveFunc;
    const given = operands as tf.Tensor[];
    save(given);
    return {
      value: valueOf(given, format, training),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const slopes = slopesOf(saved, format, training);
        return [
          tf.mul(dy, slopes.x),
          reduceTo(tf.mul(dy, slopes.integer), saved[1].shape),
          reduceTo(tf.mul(dy, slopes.fraction), saved[2].shape),
        ];
      },
    };
  });
  return quantise(x, integer, fraction);
}

/** Whether a format has numbers beside 0 as soon as it has a sign. */
export function signCounts({ overflow, keepNegative }: NumberFormat): boolean {
  return overflow === 'SAT' && keepNegative;
}

/** `x` rounded to multiples of `2^-fraction`, whatever the range; no gradient of its own. */
export function roundedTo(x: tf.Tensor, fraction: tf.Tensor, rounding: Rounding): tf.Tensor {
  const round: TensorMap = roundings[rounding];
  return tf.mul(round(tf.mul(x, powerOfTwo(fraction))), powerOfTwo(tf.neg(fraction)));
}

/** Step and bounds of a format. */
function gridOf(integer: tf.Tensor, fraction: tf.Tensor, { overflow, keepNegative }: NumberFormat) {
  const step = powerOfTwo(tf.neg(fraction));
  const size = powerOfTwo(tf.maximum(integer, tf.neg(fraction)));
  const maximum = tf.sub(size, step);
  const lowest = overflow === 'SAT_SYM' ? maximum : size;
  return { step, size, maximum, minimum: keepNegative ? tf.neg(lowest) : tf.zerosLike(size) };
}

function valueOf(
  [x, integer, fraction]: readonly tf.Tensor[],
  format: NumberFormat,
  training: boolean,
): tf.Tensor {
  const { rounding, overflow, keepNegative } = format;
  const { size, maximum, minimum } = gridOf(integer, fraction, format);
  if (overflow === 'WRAP' && training) return roundedTo(x, fraction, rounding);
  const value =
    overflow === 'WRAP'
      ? wrapped(roundedTo(x, fraction, rounding), size, keepNegative)
      : roundedTo(tf.maximum(tf.minimum(x, maximum), minimum), fraction, rounding);
  if (training) return value;
  const bits = tf.add(tf.add(integer, fraction), Number(signCounts(format)));
  return tf.mul(value, indicator(tf.greater(bits, 0)));
}

/** The remainder within one period: [-size, size) with a sign, else [0, size). */
function wrapped(x: tf.Tensor, size: tf.Tensor, keepNegative: boolean): tf.Tensor {
  const period = keepNegative ? tf.mul(size, 2) : size;
  const lifted = keepNegative ? tf.add(x, size) : x;
  return tf.sub(x, tf.mul(period, tf.floor(tf.div(lifted, period))));
}

/** Derivatives of the number with respect to each operand, elementwise. */
function slopesOf(operands: readonly tf.Tensor[], format: NumberFormat, training: boolean): Slopes {
  const [x, integer, fraction] = operands;
  const { rounding, overflow } = format;
  const { step, size, maximum, minimum } = gridOf(integer, fraction, format);
  if (overflow === 'WRAP') {
    const rounded = roundedTo(x, fraction, rounding);
    const periods = training ? tf.zerosLike(x) : tf.sub(valueOf(operands, format, training), rounded);
    return {
      x: tf.onesLike(x),
      integer: tf.mul(periods, Math.LN2),
      fraction: tf.mul(tf.sub(x, rounded), Math.LN2),
    };
  }
  const above = indicator(tf.greater(x, maximum));
  const below = indicator(tf.less(x, minimum));
  const inside = tf.sub(1, tf.add(above, below));
  const lost = tf.mul(inside, tf.sub(x, roundedTo(x, fraction, rounding)));
  const signed = format.keepNegative ? tf.sub(above, below) : above;
  const stepped = overflow === 'SAT_SYM' ? signed : above;
  return {
    x: inside,
    integer: tf.mul(tf.mul(signed, size), Math.LN2),
    fraction: tf.mul(tf.add(lost, tf.mul(stepped, step)), Math.LN2),
  };
}

/** Sum over the axes along which a tensor of `shape` was broadcast. */
function reduceTo(gradient: tf.Tensor, shape: number[]): tf.Tensor {
  const axes = tf.backend_util.getReductionAxes(shape, gradient.shape);
  return axes.length === 0 ? gradient : tf.reshape(tf.sum(gradient, axes), shape);
}
