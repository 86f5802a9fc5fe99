/** One training step as a pure function: (state, inputs) -> (next state, outputs). */
import { allReduceMean, tf } from '@hep/graph';
import { clipGradients } from './clipping.ts';
import type { Clipping } from './clipping.ts';
import { Context } from './context.ts';
import { batchMean, gradientsOf, regularisation } from './gradients.ts';
import type { PerSampleLoss } from './gradients.ts';
import type { Model } from './model.ts';
import type { Optimiser } from './optimisers/optimiser.ts';
import {
  flattenParameters,
  flattenWeights,
  parameterCount,
  sizeOf,
  splitParameters,
  splitWeights,
} from './parameters.ts';
import type { HostTensor, Parameters, ParameterSpec, Weights } from './parameters.ts';

type Tensors = Readonly<Record<string, tf.Tensor>>;

/** What a training step is made of. */
export interface TrainStepOptions {
  readonly model: Model;
  /** Between the target and the model's first output. */
  readonly loss: PerSampleLoss;
  readonly optimiser: Optimiser;
  readonly clipping?: Clipping;
  /** Further per-sample numbers to report as means over the batch. */
  readonly metrics?: Readonly<Record<string, PerSampleLoss>>;
  /** Which trainable parameters stay as they are; none unless given. */
  readonly frozen?: (name: string) => boolean;
  /** Which parameters the optimiser's weight decay acts on; all unless given. */
  readonly decays?: (name: string) => boolean;
}

/**
 * State: `trainable` [P], `slot/<name>` of the optimiser, and every parameter that gradients do not change by its path.
 * Inputs: the model's inputs, `target`, optional `sampleWeight` [B], scalars `learningRate`, `step` (float32, from 1)
 * and `seed` (int32, when a layer draws random numbers).
 * Outputs: `loss` (mean over the batch, regularisation included, before the update) and the metrics.
 */
export interface TrainStep {
  (state: Tensors, inputs: Tensors): { state: Record<string, tf.Tensor>; outputs: Record<string, tf.Tensor> };
  /** Parameters in `trainable`, in order. */
  readonly trainable: readonly ParameterSpec[];
  /** State before the first step. */
  initialState(weights: Weights): Record<string, HostTensor>;
  /** Parameters of a state of tensors. */
  parametersOf(state: Tensors): Parameters;
  /** Parameters of a state of host values, in the model's order. */
  weightsOf(state: Readonly<Record<string, HostTensor>>): Record<string, HostTensor>;
}

/** Builds the training step of a model. */
export function trainStep(options: TrainStepOptions): TrainStep {
  const { model, optimiser, frozen = () => false } = options;
  const learns = (spec: ParameterSpec) => spec.trainable && !frozen(spec.name);
  const trainable = model.parameterSpecs.filter(learns);
  const fixed = model.parameterSpecs.filter((spec) => !learns(spec));

  const step = (state: Tensors, inputs: Tensors) => {
    const { gradient, reported, updates } = differentiate(options, trainable, fixed, state, inputs);
    const update = updateParameters({ ...options, trainable }, gradient, state, inputs);
    const statistics = fixed.map(({ name }): [string, tf.Tensor] => [name, updates[name] ?? state[name]]);
    return { state: { ...update, ...Object.fromEntries(statistics) }, outputs: reported };
  };

  return Object.assign(step, {
    trainable,
    initialState: (weights: Weights) => ({
      trainable: { shape: [parameterCount(trainable)], values: flattenWeights(trainable, weights) },
      ...initialSlots(optimiser, parameterCount(trainable)),
      ...splitWeights(fixed, flattenWeights(fixed, weights)),
    }),
    parametersOf: (state: Tensors) => parametersIn(trainable, fixed, state),
    weightsOf: (state: Readonly<Record<string, HostTensor>>) => {
      const learnt = splitWeights(trainable, state['trainable'].values);
      return Object.fromEntries(model.parameterSpecs.map(({ name }) => [name, learnt[name] ?? state[name]]));
    },
  });
}

/** Values of an optimiser's slots before the first update, by `slot/<name>`. */
export function initialSlots(optimiser: Optimiser, count: number): Record<string, HostTensor> {
  return Object.fromEntries(
    optimiser.slots.map(({ name, size, initial }) => {
      const shape = size === 'vector' ? [count] : [];
      return [`slot/${name}`, { shape, values: new Float32Array(sizeOf(shape)).fill(initial) }];
    }),
  );
}

function parametersIn(
  trainable: readonly ParameterSpec[],
  fixed: readonly ParameterSpec[],
  state: Tensors,
): Parameters {
  const learnt = trainable.length === 0 ? {} : splitParameters(trainable, state['trainable']);
  return { ...Object.fromEntries(fixed.map(({ name }) => [name, state[name]])), ...learnt };
}

function differentiate(
  { model, loss, metrics = {} }: TrainStepOptions,
  trainable: readonly ParameterSpec[],
  fixed: readonly ParameterSpec[],
  state: Tensors,
  inputs: Tensors,
) {
  const views = splitParameters(trainable, state['trainable']);
  const parameters = { ...parametersIn([], fixed, state), ...views };
  const { value, gradients, extra } = gradientsOf(trainable, views, () => {
    const context = new Context(true, inputs['seed']);
    const prediction = model.apply(parameters, inputs, context)[model.outputs[0]];
    const data = batchMean(loss(inputs['target'], prediction), inputs['sampleWeight']);
    const penalty = regularisation(trainable, parameters);
    const measured = Object.entries(metrics).map(([name, metric]): [string, tf.Tensor] => [
      `metric:${name}`,
      batchMean(metric(inputs['target'], prediction)),
    ]);
    return {
      value: penalty === null ? data : tf.add(data, penalty),
      extra: Object.fromEntries([...measured, ...context.updates]),
    };
  });
  return averaged(flattenParameters(trainable, gradients), value, extra, Object.keys(metrics));
}

/** Averages over replicas and sorts metrics from moving statistics. */
function averaged(gradient: tf.Tensor1D, loss: tf.Scalar, extra: Tensors, metrics: readonly string[]) {
  const names = Object.keys(extra);
  const [meanGradient, meanLoss, ...rest] = allReduceMean<tf.Tensor[]>([
    gradient,
    loss,
    ...Object.values(extra),
  ]);
  const mean = Object.fromEntries(names.map((name, i) => [name, rest[i]]));
  const reported = Object.fromEntries(metrics.map((name) => [name, mean[`metric:${name}`]]));
  const updates: Record<string, tf.Tensor | undefined> = mean;
  return { gradient: meanGradient as tf.Tensor1D, reported: { loss: meanLoss, ...reported }, updates };
}

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
