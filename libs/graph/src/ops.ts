/** Operations that tfjs-core lacks. Each runs eagerly on any tfjs backend and is one node when traced. */
import { fillMask, fillUniform } from './random/random.ts';
import { hostFunction } from './table/host.ts';
import { runKernel, tf } from './tfjs.ts';
import type { Attributes } from './ir.ts';

/** Name of the tracing backend. */
export const GRAPH_BACKEND = 'graph';

function isTracing(): boolean {
  return tf.getBackend() === GRAPH_BACKEND;
}

/**
 * Uniform random numbers in [0, 1), float32, that depend only on (seed, stream, element index).
 * @param shape shape of the result; the first axis may be the batch
 * @param seed int32 scalar, usually the `seed` input of a training step
 * @param stream a different number for every use within one step
 */
export function seededUniform(shape: readonly number[], seed: tf.Tensor, stream: number): tf.Tensor {
  if (isTracing()) return runKernel('SeededUniform', { seed }, { shape: [...shape], stream })[0]!;
  const values = new Float32Array(tf.util.sizeFromShape([...shape]));
  fillUniform(values, seed.dataSync()[0]!, stream);
  return tf.tensor(values, [...shape], 'float32');
}

/**
 * Dropout mask: 0 with probability `rate`, else 1 / (1 - rate); depends only on (seed, stream, element index).
 * Parameters as in `seededUniform`.
 */
export function seededMask(
  shape: readonly number[],
  rate: number,
  seed: tf.Tensor,
  stream: number,
): tf.Tensor {
  if (isTracing()) return runKernel('SeededMask', { seed }, { shape: [...shape], stream, rate })[0]!;
  const values = new Float32Array(tf.util.sizeFromShape([...shape]));
  fillMask(values, rate, seed.dataSync()[0]!, stream);
  return tf.tensor(values, [...shape], 'float32');
}

/**
 * Marks tensors that replicas average, weighted by their share of the batch: gradients, BatchNorm's moving
 * statistics, losses. On a single device it returns its arguments.
 */
export function allReduceMean<T extends readonly tf.Tensor[]>(tensors: T): T {
  if (!isTracing()) return tensors;
  return tensors.map((x) => runKernel('AllReduceMean', { x }, {})[0]!) as unknown as T;
}

/**
 * Exact earth mover's distance of histograms, row by row; each is divided by its sum. The gradient by y is that of the
 * dual problem of optimal transport; x counts as a constant. An empty x gives 0, an empty y the largest distance of the
 * metric, both without a gradient.
 * @param x histograms [B, bins], 0 or more
 * @param y histograms [B, bins], 0 or more
 * @param metric distances [bins * bins]: symmetric, zero on the diagonal, obeying the triangle inequality
 * @returns distances [B] in the metric's unit
 */
export function earthMoversDistance(x: tf.Tensor, y: tf.Tensor, metric: ArrayLike<number>): tf.Tensor {
  const attributes = { metric: Array.from(metric) };
  const compute = (histograms: tf.Tensor) =>
    isTracing()
      ? runKernel('EarthMoversDistance', { x, y: histograms }, attributes)
      : onHost('EarthMoversDistance', [x, histograms], attributes, [[x.shape[0]!], histograms.shape]);
  const distance = tf.customGrad((histograms, save) => {
    const [value, gradient] = compute(histograms as tf.Tensor) as [tf.Tensor, tf.Tensor];
    (save as tf.GradSaveFunc)([gradient]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => tf.mul(tf.expandDims(dy, 1), saved!),
    };
  });
  return distance(y);
}

/** An operation of the host on tensors with values. */
function onHost(
  op: string,
  operands: readonly tf.Tensor[],
  attributes: Attributes,
  shapes: readonly (readonly number[])[],
): tf.Tensor[] {
  const results = shapes.map((shape) => new Float32Array(tf.util.sizeFromShape([...shape])));
  hostFunction(op, attributes)(
    operands.map((operand) => operand.dataSync() as Float32Array),
    results,
  );
  return results.map((values, index) => tf.tensor(values, [...shapes[index]!], 'float32'));
}
