/** One training step as a pure function: (state, inputs) -> (next state, outputs). */
import { allReduceMean, tf } from '@hep/graph';
import type { Clipping } from './clipping.ts';
import { Context } from './context.ts';
import { batchMean, gradientsOf, regularisation } from './gradients.ts';
import type { PerSampleLoss } from './gradients.ts';
import type { Model } from './model.ts';
import type { Optimiser } from './optimisers/optimiser.ts';
import { flattenParameters, splitParameters } from './parameters.ts';
import type { HostTensor, Parameters, ParameterSpec, Weights } from './parameters.ts';
import { stateLayout } from './state-layout.ts';
import type { StateLayout } from './state-layout.ts';
import { updateParameters } from './update.ts';

type Tensors = Readonly<Record<string, tf.Tensor>>;

/** What is compared with what, in training and in evaluation. */
export interface ObjectiveOptions {
  readonly model: Model;
  /** Between the target and the model's first output. */
  readonly loss: PerSampleLoss;
  /** Name of the input that holds the target; default `target`. An autoencoder names its own input. */
  readonly target?: string;
  /**
   * Costs that layers report (`Context.addCost`), each with the scalar input that weighs it in the training loss, such
   * as `{ ebops: 'beta' }`. They are reported by name, in evaluation too, where the loss is without them.
   */
  readonly costs?: Readonly<Record<string, string>>;
  /** Further per-sample numbers to report as means over the batch. */
  readonly metrics?: Readonly<Record<string, PerSampleLoss>>;
  /**
   * Sums over the batch that are no scalars, such as counts: (target, prediction) -> tensor. They are summed over batches
   * and replicas.
   */
  readonly tallies?: Readonly<Record<string, PerSampleLoss>>;
  /** Which trainable parameters stay as they are; none unless given. */
  readonly frozen?: (name: string) => boolean;
}

/** What a training step is made of. */
export interface TrainStepOptions extends ObjectiveOptions {
  readonly optimiser: Optimiser;
  readonly clipping?: Clipping;
  /** Which parameters the optimiser's weight decay acts on; all unless given. */
  readonly decays?: (name: string) => boolean;
}

/**
 * State: as `StateLayout`.
 * Inputs: the model's inputs, `target`, optional `sampleWeight` [B], scalars `learningRate`, `step` (float32, from 1),
 * `seed` (int32, when a layer draws random numbers) and the weights of costs.
 * Outputs: `loss` (mean over the batch, regularisation and weighed costs included, before the update), the metrics, the
 * costs and the tallies.
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
  const { model, optimiser, frozen } = options;
  const layout = stateLayout(model.parameterSpecs, frozen);
  const { trainable, fixed, parametersOf, weightsOf } = layout;
  const step = (state: Tensors, inputs: Tensors) => {
    const { gradient, reported, updates } = differentiate(options, layout, state, inputs);
    const update = updateParameters({ ...options, trainable }, gradient, state, inputs);
    const statistics = fixed.map(({ name }): [string, tf.Tensor] => [name, updates[name] ?? state[name]]);
    return { state: { ...update, ...Object.fromEntries(statistics) }, outputs: reported };
  };
  return Object.assign(step, {
    trainable,
    parametersOf,
    weightsOf,
    initialState: (weights: Weights) => layout.initialState(optimiser, weights),
  });
}

/**
 * Means over a batch: `loss` (weighted by `sampleWeight`, regularisation and in training the weighed costs included),
 * the metrics and the costs; and the tallies.
 * @param trainable parameters whose regularisation counts
 */
function objective(
  { model, loss, target = 'target', metrics = {}, costs = {}, tallies = {} }: ObjectiveOptions,
  trainable: readonly ParameterSpec[],
  parameters: Parameters,
  inputs: Tensors,
  context: Context,
): {
  readonly loss: tf.Scalar;
  readonly metrics: Record<string, tf.Tensor>;
  readonly tallies: Record<string, tf.Tensor>;
} {
  const expected = inputs[target];
  const prediction = model.apply(parameters, inputs, context)[model.outputs[0]];
  const data = batchMean(loss(expected, prediction), inputs['sampleWeight']);
  const penalty = regularisation(trainable, parameters);
  const measured = Object.entries(metrics).map(([name, metric]): [string, tf.Tensor] => [
    name,
    batchMean(metric(expected, prediction)),
  ]);
  const charged = Object.entries(costs).map(([kind, weight]) => {
    const amounts = context.costs.filter((cost) => cost.kind === kind).map(({ amount }) => amount);
    if (amounts.length === 0) throw new Error(`model ${model.name}: no layer reports the cost ${kind}`);
    return { kind, cost: amounts.reduce((sum, amount) => tf.add(sum, amount)), weight };
  });
  const terms = [
    ...(penalty === null ? [] : [penalty]),
    ...(context.training ? charged.map(({ cost, weight }) => tf.mul(cost, inputs[weight])) : []),
  ];
  return {
    loss: terms.reduce<tf.Scalar>((sum, term) => tf.add(sum, term), data),
    metrics: Object.fromEntries([...measured, ...charged.map(({ kind, cost }) => [kind, cost] as const)]),
    tallies: Object.fromEntries(
      Object.entries(tallies).map(([name, tally]) => [name, tally(expected, prediction)]),
    ),
  };
}

function differentiate(options: ObjectiveOptions, layout: StateLayout, state: Tensors, inputs: Tensors) {
  const { trainable, fixed } = layout;
  const views = splitParameters(trainable, state['trainable']);
  const parameters = { ...Object.fromEntries(fixed.map(({ name }) => [name, state[name]])), ...views };
  const { value, gradients, extra } = gradientsOf(trainable, views, () => {
    const context = new Context(true, inputs['seed']);
    const { loss, metrics, tallies } = objective(options, trainable, parameters, inputs, context);
    const named = (kind: 'metric' | 'tally', tensors: Tensors) =>
      Object.entries(tensors).map(([name, tensor]) => [`${kind}:${name}`, tensor] as const);
    const measured = [...named('metric', metrics), ...named('tally', tallies)];
    return { value: loss, extra: Object.fromEntries([...measured, ...context.updates]) as Tensors };
  });
  const isTally = ([name]: [string, tf.Tensor]) => name.startsWith('tally:');
  const tallies = Object.entries(extra).filter(isTally);
  const rest = Object.entries(extra).filter((entry) => !isTally(entry));
  const means = averaged(flattenParameters(trainable, gradients), value, Object.fromEntries(rest));
  const counted = tallies.map(([name, tally]) => [name.slice('tally:'.length), tally]);
  return { ...means, reported: { ...means.reported, ...Object.fromEntries(counted) } };
}

/** Averages over replicas and sorts metrics from moving statistics. */
function averaged(gradient: tf.Tensor1D, loss: tf.Scalar, extra: Tensors) {
  const [meanGradient, meanLoss, ...rest] = allReduceMean<tf.Tensor[]>([
    gradient,
    loss,
    ...Object.values(extra),
  ]);
  const means = Object.keys(extra).map((name, i) => [name, rest[i]] as const);
  const metrics = means.filter(([name]) => name.startsWith('metric:'));
  const updates: Record<string, tf.Tensor | undefined> = Object.fromEntries(means);
  return {
    gradient: meanGradient as tf.Tensor1D,
    reported: {
      loss: meanLoss,
      ...Object.fromEntries(metrics.map(([name, mean]) => [name.slice('metric:'.length), mean])),
    },
    updates,
  };
}

/**
 * Builds the evaluation of a batch in inference mode: (state, inputs) -> outputs, named as a training step's and with
 * the same state and inputs. Outputs are means over the batch, so means weighted by rows are exact over a data set.
 */
export function evaluateStep(options: ObjectiveOptions) {
  const { trainable, parametersOf } = stateLayout(options.model.parameterSpecs, options.frozen);
  return (state: Tensors, inputs: Tensors): { outputs: Record<string, tf.Tensor> } => {
    const context = new Context(false);
    const { loss, metrics, tallies } = objective(options, trainable, parametersOf(state), inputs, context);
    const [meanLoss, ...means] = allReduceMean<tf.Tensor[]>([loss, ...Object.values(metrics)]);
    const named = Object.keys(metrics).map((name, i) => [name, means[i]]);
    return { outputs: { loss: meanLoss, ...Object.fromEntries(named), ...tallies } };
  };
}
