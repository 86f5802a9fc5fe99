/** Statistics of batches, and what they normalise. */
import { tf } from '@hep/graph';
import type { Context } from '../context.ts';
import type { Parameters } from '../parameters.ts';

/** `x` by the moving mean and variance, scaled by `gamma` and shifted by `beta` where there are such. */
export function normaliseByMoving(parameters: Parameters, x: tf.Tensor, epsilon: number): tf.Tensor {
  const { gamma, beta, moving_mean: mean, moving_variance: variance } = parameters as Partial<Parameters>;
  const inverse = tf.rsqrt(tf.add(variance!, epsilon));
  const factor = gamma === undefined ? inverse : tf.mul(inverse, gamma);
  const shift = tf.mul(mean!, factor);
  return tf.add(tf.mul(x, factor), beta === undefined ? tf.neg(shift) : tf.sub(beta, shift));
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

/** The unbiased estimate of a variance of `x` over `axes`. */
export function withoutBias(variance: tf.Tensor, x: tf.Tensor, axes: readonly number[]): tf.Tensor {
  const count = countOf(x, axes);
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

/**
 * `x` by its own mean and variance over `axes`, then scaled by `gamma` and shifted by `beta` where there are such. The
 * gradient is written out: two sums over the batch, as in Ioffe and Szegedy, arXiv:1502.03167.
 */
export function normaliseByBatch(
  parameters: Parameters,
  x: tf.Tensor,
  epsilon: number,
  axes: number[],
): tf.Tensor {
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
