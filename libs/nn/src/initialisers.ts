/** Initial values of parameters, with the distributions of Keras 2.15. */
import { kerasObject } from './keras-config.ts';
import type { KerasObject } from './keras-config.ts';
import { sizeOf } from './parameters.ts';
import type { HostTensor, ParameterSpec, Shape } from './parameters.ts';
import { SeededNumbers } from './seeded-numbers.ts';

/** How a parameter starts. */
export interface Initialiser {
  /** Values in C order; every random number is drawn from `numbers`. */
  values(shape: Shape, numbers: SeededNumbers): Float32Array;
  readonly keras: KerasObject;
}

/** Values of every parameter. Depends only on the seed and on each parameter's name and shape. */
export function initialise(specs: readonly ParameterSpec[], seed: number): Record<string, HostTensor> {
  return Object.fromEntries(
    specs.map(({ name, shape, initialiser }) => [
      name,
      { shape, values: initialiser.values(shape, new SeededNumbers(seed, name)) },
    ]),
  );
}

const fill = (shape: Shape, next: () => number) => Float32Array.from({ length: sizeOf(shape) }, next);

/** Numbers of inputs and outputs of one unit: the last two axes times the kernel's area (Keras, compute_fans). */
function fans(shape: Shape): { readonly fanIn: number; readonly fanOut: number } {
  if (shape.length === 0) return { fanIn: 1, fanOut: 1 };
  if (shape.length === 1) return { fanIn: shape[0], fanOut: shape[0] };
  const area = sizeOf(shape.slice(0, -2));
  return { fanIn: area * shape[shape.length - 2], fanOut: area * shape[shape.length - 1] };
}

/** All elements equal. */
export function constant(value: number): Initialiser {
  const keras =
    value === 0
      ? kerasObject('keras.initializers', 'Zeros')
      : value === 1
        ? kerasObject('keras.initializers', 'Ones')
        : kerasObject('keras.initializers', 'Constant', { value });
  return { values: (shape) => fill(shape, () => value), keras };
}

/** Zeros. */
export const zeros: Initialiser = constant(0);
/** Ones. */
export const ones: Initialiser = constant(1);

/** Uniform within +-sqrt(6 / (fanIn + fanOut)). */
export const glorotUniform: Initialiser = {
  values: (shape, numbers) => {
    const { fanIn, fanOut } = fans(shape);
    const limit = Math.sqrt(6 / (fanIn + fanOut));
    return fill(shape, () => limit * (2 * numbers.uniform() - 1));
  },
  keras: kerasObject('keras.initializers', 'GlorotUniform', { seed: null }),
};

/** Uniform within +-limit. */
function uniformWithin(limit: number): Initialiser {
  return {
    values: (shape, numbers) => fill(shape, () => limit * (2 * numbers.uniform() - 1)),
    keras: kerasObject('keras.initializers', 'RandomUniform', { minval: -limit, maxval: limit, seed: null }),
  };
}

/**
 * Kernel and bias of a dense layer with `fanIn` inputs as PyTorch starts them: uniform within +-gain / sqrt(fanIn).
 * @param gain 1 in PyTorch
 */
export function fanInUniform(fanIn: number, gain = 1): Initialiser {
  return uniformWithin(gain / Math.sqrt(fanIn));
}

/** Standard deviation of a standard normal cut at two standard deviations. */
const TRUNCATED_DEVIATION = 0.87962566103423978;

function scaledNormal(scale: number, className: string): Initialiser {
  return {
    values: (shape, numbers) => {
      const deviation = Math.sqrt(scale / Math.max(1, fans(shape).fanIn)) / TRUNCATED_DEVIATION;
      return fill(shape, () => deviation * numbers.truncatedNormal());
    },
    keras: kerasObject('keras.initializers', className, { seed: null }),
  };
}

/** Truncated normal of variance 2 / fanIn. */
export const heNormal: Initialiser = scaledNormal(2, 'HeNormal');
/** Truncated normal of variance 1 / fanIn. */
export const lecunNormal: Initialiser = scaledNormal(1, 'LecunNormal');

/** Matrix with orthonormal rows or columns (the fewer of both): leading axes form the rows, the last the columns. */
export const orthogonal: Initialiser = {
  values: (shape, numbers) => {
    const columns = shape[shape.length - 1];
    const rows = sizeOf(shape) / columns;
    const count = Math.min(rows, columns);
    const length = Math.max(rows, columns);
    const basis = orthonormalVectors(count, length, () => numbers.normal());
    const values = new Float32Array(rows * columns);
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < length; j++)
        values[rows <= columns ? i * columns + j : j * columns + i] = basis[i][j];
    }
    return values;
  },
  keras: kerasObject('keras.initializers', 'Orthogonal', { gain: 1, seed: null }),
};

/** Random orthonormal vectors by Gram and Schmidt, twice for accuracy. */
function orthonormalVectors(count: number, length: number, next: () => number): Float64Array[] {
  const basis: Float64Array[] = [];
  while (basis.length < count) {
    const vector = Float64Array.from({ length }, next);
    for (const other of [...basis, ...basis]) {
      const overlap = vector.reduce((sum, value, i) => sum + value * other[i], 0);
      for (let i = 0; i < length; i++) vector[i] -= overlap * other[i];
    }
    const norm = Math.hypot(...vector);
    basis.push(vector.map((value) => value / norm));
  }
  return basis;
}
