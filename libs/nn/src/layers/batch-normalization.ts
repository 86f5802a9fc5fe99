import { tf } from '@hep/graph';
import type { Context } from '../context.ts';
import { ones, zeros } from '../initialisers.ts';
import { kerasLayer } from '../keras-config.ts';
import type { Layer } from '../layer.ts';
import type { ParameterSpec, Parameters } from '../parameters.ts';
import { onlyShape } from './windows.ts';

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
}

/**
 * Normalises each channel (last axis). Training uses the statistics of the batch and moves `moving_mean` and
 * `moving_variance` towards them, inference uses the moving ones. As in Keras 2.15, images [B, H, W, C] move the
 * variance towards the unbiased estimate (their kernel is fused), other ranks towards the biased one.
 */
export function batchNormalization(options: BatchNormalizationOptions): Layer {
  const { name, momentum = 0.99, epsilon = 1e-3, center = true, scale = true } = options;
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
      track(parameters, x, context, momentum);
      return normaliseByBatch(parameters, x, epsilon);
    },
    kerasConfig: () =>
      kerasLayer('BatchNormalization', name, {
        axis: [-1],
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

const batchAxes = (x: tf.Tensor) => x.shape.map((_, axis) => axis).slice(0, -1);
const countPerChannel = (x: tf.Tensor) => x.size / x.shape[x.rank - 1];

/** Mean and biased variance of each channel, [C]. */
function statistics(x: tf.Tensor): { readonly mean: tf.Tensor; readonly variance: tf.Tensor } {
  const axes = batchAxes(x);
  const mean = tf.mean(x, axes);
  return { mean, variance: tf.mean(tf.square(tf.sub(x, mean)), axes) };
}

function track(parameters: Parameters, x: tf.Tensor, context: Context, momentum: number): void {
  const { mean, variance } = statistics(x);
  const count = countPerChannel(x);
  const unbiased = x.rank === 4 ? tf.mul(variance, tf.div(count, tf.maximum(tf.sub(count, 1), 1))) : variance;
  const move = (statistic: string, value: tf.Tensor) => {
    const path = context.pathOf(statistic);
    const before = context.updates.get(path) ?? parameters[statistic];
    context.updates.set(path, tf.sub(before, tf.mul(tf.sub(before, value), 1 - momentum)));
  };
  move('moving_mean', mean);
  move('moving_variance', unbiased);
}

/** The gradient is written out: two sums over the batch, as in Ioffe and Szegedy, arXiv:1502.03167. */
function normaliseByBatch(parameters: Parameters, x: tf.Tensor, epsilon: number): tf.Tensor {
  const { gamma, beta } = parameters as Partial<Parameters>;
  const learnt = [...(gamma === undefined ? [] : [gamma]), ...(beta === undefined ? [] : [beta])];
  const axes = batchAxes(x);
  const normalise = tf.customGrad((...operands) => {
    const save = operands.pop() as unknown as tf.GradSaveFunc;
    const [data] = operands as tf.Tensor[];
    const { mean, variance } = statistics(data);
    const inverse = tf.rsqrt(tf.add(variance, epsilon));
    const centred = tf.sub(data, mean);
    const factor = gamma === undefined ? inverse : tf.mul(inverse, gamma);
    const scaled = tf.mul(centred, factor);
    save([centred, inverse, factor]);
    return {
      value: beta === undefined ? scaled : tf.add(scaled, beta),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [savedCentred, savedInverse, savedFactor] = saved;
        const shiftGradient = tf.sum(dy, axes);
        const scaleGradient = tf.mul(tf.sum(tf.mul(dy, savedCentred), axes), savedInverse);
        const count = countPerChannel(dy);
        const common = tf.add(
          tf.div(shiftGradient, count),
          tf.mul(savedCentred, tf.div(tf.mul(scaleGradient, savedInverse), count)),
        );
        const dx = tf.mul(tf.sub(dy, common), savedFactor);
        return [
          dx,
          ...(gamma === undefined ? [] : [scaleGradient]),
          ...(beta === undefined ? [] : [shiftGradient]),
        ];
      },
    };
  });
  return normalise(x, ...learnt);
}
