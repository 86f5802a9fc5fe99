/** A float32 tensor with its name: `[sub-model/]layer/weight`, for example `encoder/conv2d/kernel`. */
export interface NamedTensor {
  readonly name: string;
  /** Keras shape; a convolution kernel is `[kh, kw, in, out]`. */
  readonly shape: readonly number[];
  /** Values in C order. */
  readonly values: Float32Array;
}

/** `[3, 3, 1, 8]` as text for messages. */
export function shapeText(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

/** Do two shapes agree in every axis? */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** Number of values of a tensor of this shape. */
export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
