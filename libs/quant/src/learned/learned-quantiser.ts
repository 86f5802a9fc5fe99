/** Quantisers whose bit widths are parameters (Sun et al., High Granularity Quantization, arXiv:2405.00645). */
import { tf } from '@hep/graph';
import { clip, constant } from '@hep/nn';
import type { Context, ParameterSpec, Parameters, Shape } from '@hep/nn';
import { fixedPointNumber, roundedTo, signCounts } from './fixed-point-number.ts';
import type { BitTensors } from './fixed-point-number.ts';
import { integerBitsForBits, integerBitsForFraction, largestOfGroups } from './integer-bits.ts';
import { validate } from './learned-settings.ts';
import type { BitRange, Granularity, LearnedSettings } from './learned-settings.ts';
import { monoL1 } from './mono-l1.ts';
import { roundThrough } from './rounding.ts';

/** The bits of every group; integers in float32 that broadcast to the quantised tensor's shape. */
export interface BitWidths extends BitTensors {
  /** What a product with the number costs. */
  readonly bits: tf.Tensor;
}

/** A quantiser that is a function of its parameters `<name>_integer` and `<name>_bits` or `<name>_fraction`. */
export interface LearnedQuantiser {
  readonly name: string;
  readonly settings: LearnedSettings;
  /** @param shape of the tensor to quantise, without a batch axis */
  parameters(shape: Shape): ParameterSpec[];
  /** Quantised tensor. In training, `WRAP` also tracks the integer bits in the context's updates; see `decay`. */
  apply(parameters: Parameters, x: tf.Tensor, context: Context): tf.Tensor;
  /** The bits as the parameters have them, differentiable. */
  widths(parameters: Parameters): BitWidths;
  /** The bits with which a tensor is quantised in inference. */
  widthsOf(parameters: Parameters, x: tf.Tensor): BitWidths;
}

/**
 * A quantiser with learned bits.
 * @param name first part of its parameters' names, such as `kernel`
 * @throws UserError for settings that no number format has
 */
export function learnedQuantiser(name: string, settings: LearnedSettings): LearnedQuantiser {
  validate(name, settings);
  const { integer, learned, overflow, granularity, learningRateFactor, regularisation = 1e-8 } = settings;
  const isTracked = overflow === 'WRAP';
  const integerPath = `${name}_integer`;
  const learnedPath = `${name}_${learned.kind}`;
  const widths = (parameters: Parameters) =>
    widthsOf(settings, parameters[integerPath], parameters[learnedPath]);
  const follow = (parameters: Parameters, before: tf.Tensor, x: tf.Tensor): Parameters => ({
    ...parameters,
    [integerPath]: trackedInteger(settings, before, parameters[learnedPath], x),
  });
  const track = (parameters: Parameters, x: tf.Tensor, context: Context): Parameters => {
    const path = context.pathOf(integerPath);
    const after = follow(parameters, context.updates.get(path) ?? parameters[integerPath], x);
    context.updates.set(path, after[integerPath]);
    return after;
  };
  const inInference = (parameters: Parameters, x: tf.Tensor) =>
    isTracked && settings.decay === undefined ? follow(parameters, parameters[integerPath], x) : parameters;
  return {
    name,
    settings,
    widths,
    widthsOf: (parameters, x) => widths(inInference(parameters, x)),
    parameters: (shape) => {
      const groups = groupShape(shape, granularity);
      const regulariser = monoL1(regularisation);
      const isLearnt = { shape: groups, trainable: true, regulariser, learningRateFactor };
      return [
        isTracked
          ? { name: integerPath, shape: groups, trainable: false, ...ranged(integer) }
          : { name: integerPath, ...isLearnt, ...ranged(integer) },
        { name: learnedPath, ...isLearnt, ...ranged(learned) },
      ];
    },
    apply: (parameters, x, context) => {
      const { training } = context;
      const current = isTracked && training ? track(parameters, x, context) : inInference(parameters, x);
      return fixedPointNumber(x, widths(current), settings, training);
    },
  };
}

function ranged({ initial, minimum, maximum }: BitRange) {
  return { initialiser: constant(initial), constraint: clip(minimum, maximum) };
}

/** One number for each group; axes that share their bits have size 1. */
function groupShape(shape: Shape, granularity: Granularity): number[] {
  const own = (axis: number) =>
    granularity === 'element' || (granularity === 'channel' && axis === shape.length - 1);
  return shape.map((size, axis) => (own(axis) ? size : 1));
}

function widthsOf(settings: LearnedSettings, rawInteger: tf.Tensor, rawLearned: tf.Tensor): BitWidths {
  const integer = roundThrough(rawInteger);
  const other = roundThrough(rawLearned);
  const [fraction, magnitude] =
    settings.learned.kind === 'fraction'
      ? [other, tf.relu(tf.add(integer, other))]
      : [tf.sub(other, integer), other];
  return { integer, fraction, bits: signCounts(settings) ? tf.add(magnitude, 1) : magnitude };
}

/**
 * Integer bits that hold the largest number of each group, or those before it less the decay; within their bounds.
 * It has no gradient.
 */
function trackedInteger(
  { learned, integer, rounding, decay = Infinity }: LearnedSettings,
  before: tf.Tensor,
  rawLearned: tf.Tensor,
  x: tf.Tensor,
): tf.Tensor {
  const largest = (values: tf.Tensor) => largestOfGroups(values, before.shape);
  const needed = (width: tf.Tensor) =>
    learned.kind === 'fraction'
      ? integerBitsForFraction(largest(roundedTo(x, width, rounding)), width)
      : integerBitsForBits(largest(x), width);
  const track = tf.customGrad((...operands) => {
    const [previous, width] = operands as tf.Tensor[];
    const fewest = needed(tf.round(width));
    const kept = decay === Infinity ? fewest : tf.maximum(tf.sub(previous, decay), fewest);
    return {
      value: tf.clipByValue(kept, integer.minimum, integer.maximum),
      gradFunc: (dy: tf.Tensor) => [tf.zerosLike(dy), tf.zerosLike(dy)],
    };
  });
  return track(before, rawLearned);
}
