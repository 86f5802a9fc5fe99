/** The part of a training step after the gradients. */
import { tf } from '@hep/graph';
import { clipGradients } from './clipping.ts';
import type { Clipping } from './clipping.ts';
import type { Optimiser } from './optimisers/optimiser.ts';
import { flattenParameters, parameterCount, sizeOf, splitParameters } from './parameters.ts';
import type { ParameterSpec } from './parameters.ts';

type Tensors = Readonly<Record<string, tf.Tensor>>;

/** Choices of an update. */
export interface UpdateOptions {
  readonly optimiser: Optimiser;
  readonly trainable: readonly ParameterSpec[];
  readonly clipping?: Clipping;
  readonly decays?: (name: string) => boolean;
}

/**
 * Clips the gradient vector, decays, updates and projects onto the constraints.
 * @param state `trainable` [P] and `slot/<name>`
 * @param inputs scalars `learningRate` and `step`
 * @returns the next `trainable` and `slot/<name>`
 */
export function updateParameters(
  options: UpdateOptions,
  gradient: tf.Tensor1D,
  state: Tensors,
  inputs: Tensors,
): Record<string, tf.Tensor> {
  const { optimiser, trainable, clipping } = options;
  const { step } = inputs;
  const learningRate = ratesOf(trainable, inputs['learningRate']);
  const slots = Object.fromEntries(optimiser.slots.map(({ name }) => [name, state[`slot/${name}`]]));
  const next = optimiser.update({
    parameters: decayed(options, state['trainable'], learningRate),
    gradients: clipping === undefined ? gradient : clipGradients(clipping, gradient, trainable),
    specs: trainable,
    slots,
    learningRate,
    step,
  });
  const nextSlots = optimiser.slots.map(({ name }) => [`slot/${name}`, next.slots[name]]);
  return { trainable: projected(trainable, next.parameters), ...Object.fromEntries(nextSlots) };
}

/** The learning rate: a scalar, or one for each element where parameters differ. */
function ratesOf(specs: readonly ParameterSpec[], learningRate: tf.Tensor): tf.Tensor {
  if (specs.every(({ learningRateFactor = 1 }) => learningRateFactor === 1)) return learningRate;
  const factors = elementwise(specs, ({ learningRateFactor = 1 }) => learningRateFactor);
  return tf.mul(learningRate, tf.tensor1d(factors));
}

/** One number for each element of the flat vector. */
function elementwise(
  specs: readonly ParameterSpec[],
  valueOf: (spec: ParameterSpec) => number,
): Float32Array {
  const values = new Float32Array(parameterCount(specs));
  let offset = 0;
  for (const spec of specs) {
    const end = offset + sizeOf(spec.shape);
    values.fill(valueOf(spec), offset, end);
    offset = end;
  }
  return values;
}

function decayed(options: UpdateOptions, flat: tf.Tensor, learningRate: tf.Tensor): tf.Tensor {
  const { optimiser, trainable, decays = () => true } = options;
  if (optimiser.weightDecay === 0) return flat;
  const rate = tf.mul(learningRate, optimiser.weightDecay);
  if (trainable.every(({ name }) => decays(name))) return tf.sub(flat, tf.mul(flat, rate));
  const mask = elementwise(trainable, ({ name }) => (decays(name) ? 1 : 0));
  return tf.sub(flat, tf.mul(tf.mul(flat, tf.tensor1d(mask)), rate));
}

function projected(specs: readonly ParameterSpec[], flat: tf.Tensor): tf.Tensor {
  if (specs.every((spec) => spec.constraint === undefined)) return flat;
  const pieces = splitParameters(specs, flat);
  const allowed = specs.map(({ name, constraint }): [string, tf.Tensor] => [
    name,
    constraint === undefined ? pieces[name] : constraint.project(pieces[name]),
  ]);
  return flattenParameters(specs, Object.fromEntries(allowed));
}
