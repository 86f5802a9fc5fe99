/** Sizes of sliding windows, as TensorFlow counts them. */

/** `same`: the input is padded with zeros so that stride 1 keeps its size; `valid`: no padding. */
export type Padding = 'same' | 'valid';

/** Height and width; a single number stands for both. */
export type Pair = number | readonly [number, number];

/** Both numbers of a pair. */
export function pairOf(pair: Pair): [number, number] {
  return typeof pair === 'number' ? [pair, pair] : [pair[0], pair[1]];
}

/**
 * Number of positions of a window along an axis.
 * @throws Error when a `valid` window does not fit
 */
export function windowCount(
  layer: string,
  size: number,
  window: number,
  stride: number,
  padding: Padding,
): number {
  const count = padding === 'same' ? Math.ceil(size / stride) : Math.floor((size - window) / stride) + 1;
  if (count < 1) throw new Error(`layer ${layer}: window of ${window} does not fit an axis of ${size}`);
  return count;
}

/** Size of an axis after a transposed convolution. */
export function transposedSize(size: number, window: number, stride: number, padding: Padding): number {
  return padding === 'same' ? size * stride : size * stride + Math.max(window - stride, 0);
}

/**
 * The one input shape of a layer.
 * @throws Error unless there is one input of that rank (without the batch axis)
 */
export function onlyShape(
  layer: string,
  inputShapes: readonly (readonly number[])[],
  rank?: number,
): readonly number[] {
  if (inputShapes.length !== 1)
    throw new Error(`layer ${layer}: expected one input, got ${inputShapes.length}`);
  const [shape] = inputShapes;
  if (rank !== undefined && shape.length !== rank) {
    throw new Error(`layer ${layer}: input has shape [${shape}], expected ${rank} axes beside the batch`);
  }
  return shape;
}
