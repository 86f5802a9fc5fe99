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
  const { learningRate, step } = inputs;
  const slots = Object.fromEntries(optimiser.slots.map(({ name }) => [name, state[`slot/${name}`]]));
  const next = optimiser.update({
    parameters: decayed(options, state['trainable'], learningRate),
    gradients: clipping === undefined ? gradient : clipGradients(clipping, gradient, trainable),
    slots,
    learningRate,
    step,
  });
  const nextSlots = optimiser.slots.map(({ name }) => [`slot/${name}`, next.slots[name]]);
  return { trainable: projected(trainable, next.parameters), ...Object.fromEntries(nextSlots) };
}

function decayed(options: UpdateOptions, flat: tf.Tensor, learningRate: tf.Tensor): tf.Tensor {
  const { optimiser, trainable, decays = () => true } = options;
  if (optimiser.weightDecay === 0) return flat;
  const rate = tf.mul(learningRate, optimiser.weightDecay);
  if (trainable.every(({ name }) => decays(name))) return tf.sub(flat, tf.mul(flat, rate));
  const mask = new Float32Array(parameterCount(trainable));
  let offset = 0;
  for (const { name, shape } of trainable) {
    mask.fill(decays(name) ? 1 : 0, offset, offset + sizeOf(shape));
    offset += sizeOf(shape);
  }
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
