import { tf } from '@hep/graph';
import type { Context } from '../context.ts';
import { ones, zeros } from '../initialisers.ts';
import { kerasLayer } from '../keras-config.ts';
import type { Layer } from '../layer.ts';
import type { ParameterSpec, Parameters } from '../parameters.ts';
import { onlyShape } from './windows.ts';

/** Keras' memory of the moving statistics. */
export const BATCH_NORMALIZATION_MOMENTUM = 0.99;
/** Keras' addition to the variance. */
export const BATCH_NORMALIZATION_EPSILON = 1e-3;

/** Options of `batchNormalization`; defaults are Keras'. */
export interface BatchNormalizationOptions {
  readonly name: string;
  /** Memory of the moving statistics; default 0.99. */
  readonly momentum?: number;
  /** Added to the variance; default 1e-3. */
  readonly epsilon?: number;
  /** Learn a shift `beta`; default true. */
  readonly center?: boolean;
  /** Learn a scale `gamma`; default true. */
  readonly scale?: boolean;
  /** Move the variance towards the unbiased estimate, as PyTorch does; default: for images alone. */
  readonly unbiased?: boolean;
}

/**
 * Normalises each channel (last axis). Training uses the statistics of the batch and moves `moving_mean` and
 * `moving_variance` towards them, inference uses the moving ones. As in Keras 2.15, images [B, H, W, C] move the
 * variance towards the unbiased estimate (their kernel is fused), other ranks towards the biased one.
 */
export function batchNormalization(options: BatchNormalizationOptions): Layer {
  const {
    name,
    momentum = BATCH_NORMALIZATION_MOMENTUM,
    epsilon = BATCH_NORMALIZATION_EPSILON,
    center = true,
    scale = true,
  } = options;
  return {
    name,
    parameters: (inputShapes) => {
      const shape = onlyShape(name, inputShapes).slice(-1);
      const gamma: ParameterSpec = { name: 'gamma', shape, trainable: true, initialiser: ones };
      const beta: ParameterSpec = { name: 'beta', shape, trainable: true, initialiser: zeros };
      return [
        ...(scale ? [gamma] : []),
        ...(center ? [beta] : []),
        { name: 'moving_mean', shape, trainable: false, initialiser: zeros },
        { name: 'moving_variance', shape, trainable: false, initialiser: ones },
      ];
    },
    outputShape: (inputShapes) => onlyShape(name, inputShapes),
    apply: (parameters, [x], context) => {
      if (!context.training) return normaliseByMoving(parameters, x, epsilon);
      const axes = batchAxes(x);
      const { mean, variance } = batchStatistics(x, axes);
      const isUnbiased = options.unbiased ?? x.rank === 4;
      const spread = isUnbiased ? withoutBias(variance, countOf(x, axes)) : variance;
      moveStatistics(parameters, mean, spread, context, momentum);
      return normaliseByBatch(parameters, x, epsilon, axes);
    },
    kerasConfig: () =>
      kerasLayer('BatchNormalization', name, {
        axis: -1, // Keras 3 takes no list
        momentum,
        epsilon,
        center,
        scale,
        beta_initializer: zeros.keras,
        gamma_initializer: ones.keras,
        moving_mean_initializer: zeros.keras,
        moving_variance_initializer: ones.keras,
        beta_regularizer: null,
        gamma_regularizer: null,
        beta_constraint: null,
        gamma_constraint: null,
      }),
  };
}

function normaliseByMoving(parameters: Parameters, x: tf.Tensor, epsilon: number): tf.Tensor {
  const { gamma, beta, moving_mean: mean, moving_variance: variance } = parameters as Partial<Parameters>;
  const inverse = tf.rsqrt(tf.add(variance!, epsilon));
  const factor = gamma === undefined ? inverse : tf.mul(inverse, gamma);
  const shift = tf.mul(mean!, factor);
  return tf.add(tf.mul(x, factor), beta === undefined ? tf.neg(shift) : tf.sub(beta, shift));
}

/** A layer used several times at once. */
export interface NormalisedUses {
  /** Results of the layer in front, [uses, rows, C]. */
  readonly x: tf.Tensor;
  /** Its bias [C], not yet added: statistics of a batch take it out again, so only the moving mean follows it. */
  readonly bias: tf.Tensor;
  /** Whether the uses are of images; see `batchNormalization`. */
  readonly images: boolean;
}

/**
 * What a `batchNormalization` with Keras' defaults gives for x + bias in several uses, one after the other; each use
 * has statistics of its own. In training the gradient of the bias is exactly zero.
 */
export function normaliseUses(
  parameters: Parameters,
  { x, bias, images }: NormalisedUses,
  context: Context,
): tf.Tensor {
  const [uses, , channels] = x.shape;
  if (!context.training) return normaliseByMoving(parameters, tf.add(x, bias), BATCH_NORMALIZATION_EPSILON);
  const axes = [1];
  const { mean, variance } = batchStatistics(x, axes);
  const spread = images ? withoutBias(variance, countOf(x, axes)) : variance;
  const each = (values: tf.Tensor) =>
    tf.split(tf.reshape(values, [uses, channels]), uses).map((value) => tf.reshape(value, [channels]));
  const spreads = each(spread);
  each(mean).forEach((value, use) =>
    moveStatistics(parameters, tf.add(value, bias), spreads[use], context, BATCH_NORMALIZATION_MOMENTUM),
  );
  return normaliseByBatch(parameters, x, BATCH_NORMALIZATION_EPSILON, axes);
}

/** All axes but the channels. */
export const batchAxes = (x: tf.Tensor) => x.shape.map((_, axis) => axis).slice(0, -1);

/** Elements that one mean over `axes` is taken of. */
const countOf = (x: tf.Tensor, axes: readonly number[]) =>
  axes.reduce((product, axis) => product * x.shape[axis], 1);

/** Mean and biased variance over `axes`; those axes stay with size 1 where there are others beside the channels. */
export function batchStatistics(
  x: tf.Tensor,
  axes: number[],
): { readonly mean: tf.Tensor; readonly variance: tf.Tensor } {
  const keep = axes.length < x.rank - 1;
  const mean = tf.mean(x, axes, keep);
  return { mean, variance: tf.mean(tf.square(tf.sub(x, mean)), axes, keep) };
}

/** The unbiased estimate of a variance from `count` values. */
function withoutBias(variance: tf.Tensor, count: number): tf.Tensor {
  return tf.mul(variance, tf.div(count, tf.maximum(tf.sub(count, 1), 1)));
}

/** Moves the moving statistics towards those of a batch, [C]. */
export function moveStatistics(
  parameters: Parameters,
  mean: tf.Tensor,
  variance: tf.Tensor,
  context: Context,
  momentum: number,
): void {
  const move = (statistic: string, value: tf.Tensor) => {
    const path = context.pathOf(statistic);
    const before = context.updates.get(path) ?? parameters[statistic];
    context.updates.set(path, tf.sub(before, tf.mul(tf.sub(before, value), 1 - momentum)));
  };
  move('moving_mean', mean);
  move('moving_variance', variance);
}

/** The gradient is written out: two sums over the batch, as in Ioffe and Szegedy, arXiv:1502.03167. */
function normaliseByBatch(parameters: Parameters, x: tf.Tensor, epsilon: number, axes: number[]): tf.Tensor {
  const { gamma, beta } = parameters as Partial<Parameters>;
  const learnt = [...(gamma === undefined ? [] : [gamma]), ...(beta === undefined ? [] : [beta])];
  const keep = axes.length < x.rank - 1;
  const perChannel = (gradient: tf.Tensor) => (keep ? tf.sum(gradient, batchAxes(gradient)) : gradient);
  const normalise = tf.customGrad((...operands) => {
    const save = operands.pop() as unknown as tf.GradSaveFunc;
    const [data] = operands as tf.Tensor[];
    const { mean, variance } = batchStatistics(data, axes);
    const inverse = tf.rsqrt(tf.add(variance, epsilon));
    const centred = tf.sub(data, mean);
    const factor = gamma === undefined ? inverse : tf.mul(inverse, gamma);
    const scaled = tf.mul(centred, factor);
    save([centred, inverse, factor]);
    return {
      value: beta === undefined ? scaled : tf.add(scaled, beta),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [savedCentred, savedInverse, savedFactor] = saved;
        const shiftGradient = tf.sum(dy, axes, keep);
        const scaleGradient = tf.mul(tf.sum(tf.mul(dy, savedCentred), axes, keep), savedInverse);
        const count = countOf(dy, axes);
        const common = tf.add(
          tf.div(shiftGradient, count),
          tf.mul(savedCentred, tf.div(tf.mul(scaleGradient, savedInverse), count)),
        );
        const dx = tf.mul(tf.sub(dy, common), savedFactor);
        return [
          dx,
          ...(gamma === undefined ? [] : [perChannel(scaleGradient)]),
          ...(beta === undefined ? [] : [perChannel(shiftGradient)]),
        ];
      },
    };
  });
  return normalise(x, ...learnt);
}
