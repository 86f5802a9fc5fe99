/** Named parameters: host values, tensors, and the one flat vector that a training step updates. */
import { tf } from '@hep/graph';
import type { Constraint } from './constraints.ts';
import type { Initialiser } from './initialisers.ts';
import type { Regulariser } from './regularisers.ts';

/** Sizes of the axes of a tensor; for layers without the batch axis. */
export type Shape = readonly number[];

/** A tensor's values outside of any backend, in C order. */
export interface HostTensor {
  readonly shape: Shape;
  readonly values: Float32Array;
}

/** Parameters by path, such as `encoder/conv2d/kernel`; Keras' weight names and layouts. */
export type Parameters = Readonly<Record<string, tf.Tensor>>;

/** Host values of parameters by path. */
export type Weights = Readonly<Record<string, HostTensor>>;

/** What is known of a parameter before it has a value. */
export interface ParameterSpec {
  /** Path inside of the layer or model that declares it. */
  readonly name: string;
  readonly shape: Shape;
  /** False for moving statistics: training changes them, gradients do not. */
  readonly trainable: boolean;
  readonly initialiser: Initialiser;
  readonly regulariser?: Regulariser;
  /** Factor on the learning rate; default 1. */
  readonly learningRateFactor?: number;
  /** Applied after every update. */
  readonly constraint?: Constraint;
}

/** Name and shape of a piece of a vector. */
export type NamedShape = Pick<ParameterSpec, 'name' | 'shape'>;

/** Number of elements of a tensor of this shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Number of elements of all the parameters. */
export function parameterCount(specs: readonly ParameterSpec[]): number {
  return specs.reduce((sum, spec) => sum + sizeOf(spec.shape), 0);
}

/** The parameters under `prefix/`, named without it. */
export function withinPath<T>(values: Readonly<Record<string, T>>, prefix: string): Record<string, T> {
  const start = `${prefix}/`;
  const inside: Record<string, T> = {};
  for (const [name, value] of Object.entries(values)) {
    if (name.startsWith(start)) inside[name.slice(start.length)] = value;
  }
  return inside;
}

/**
 * Host values as tensors of the current backend.
 * @throws Error when a parameter is missing or has another shape
 */
export function toParameters(specs: readonly ParameterSpec[], weights: Weights): Record<string, tf.Tensor> {
  return Object.fromEntries(
    specs.map((spec) => [
      spec.name,
      tf.tensor(checkedWeight(spec, weights).values, [...spec.shape], 'float32'),
    ]),
  );
}

/** Values of the parameters one after the other, in the order of `specs`. */
export function flattenWeights(specs: readonly ParameterSpec[], weights: Weights): Float32Array {
  const flat = new Float32Array(parameterCount(specs));
  let offset = 0;
  for (const spec of specs) {
    const { values } = checkedWeight(spec, weights);
    flat.set(values, offset);
    offset += values.length;
  }
  return flat;
}

/** Inverse of `flattenWeights`; copies. */
export function splitWeights(specs: readonly NamedShape[], flat: Float32Array): Record<string, HostTensor> {
  let offset = 0;
  return Object.fromEntries(
    specs.map((spec) => {
      const start = offset;
      offset += sizeOf(spec.shape);
      return [spec.name, { shape: spec.shape, values: flat.slice(start, offset) }];
    }),
  );
}

/** One vector [P] of all the parameters (or their gradients), in the order of `specs`. */
export function flattenParameters(specs: readonly NamedShape[], parameters: Parameters): tf.Tensor1D {
  const vectors = specs.map((spec) => tf.reshape(parameters[spec.name], [sizeOf(spec.shape)]) as tf.Tensor1D);
  return vectors.length === 1 ? vectors[0] : tf.concat1d(vectors);
}

/** Inverse of `flattenParameters`: parameters as pieces of a vector [P]. */
export function splitParameters(specs: readonly NamedShape[], flat: tf.Tensor): Record<string, tf.Tensor> {
  const sizes = specs.map((spec) => sizeOf(spec.shape));
  const pieces = specs.length === 1 ? [flat] : tf.split(flat, sizes, 0);
  return Object.fromEntries(specs.map((spec, i) => [spec.name, tf.reshape(pieces[i], [...spec.shape])]));
}

function checkedWeight(spec: ParameterSpec, weights: Weights): HostTensor {
  const weight = weights[spec.name];
  if (weight === undefined) {
    throw new Error(`parameter ${spec.name} is missing: expected a tensor of shape [${spec.shape}]`);
  }
  if (weight.shape.length !== spec.shape.length || weight.shape.some((size, i) => size !== spec.shape[i])) {
    throw new Error(`parameter ${spec.name} has shape [${weight.shape}], expected [${spec.shape}]`);
  }
  return weight;
}
