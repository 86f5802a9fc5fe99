/** Operations that tfjs-core lacks. Each runs eagerly on any tfjs backend and is one node when traced. */
import { fillMask, fillUniform } from './random.ts';
import { runKernel, tf } from './tfjs.ts';

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
