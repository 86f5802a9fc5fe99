/** Tagger and adversary as two players with parameters, optimiser and state of their own. */
import { allReduceMean } from '@hep/graph';
import type { tf } from '@hep/graph';
import {
  flattenParameters,
  flattenWeights,
  initialSlots,
  nadam,
  parameterCount,
  splitParameters,
  splitWeights,
  updateParameters,
  withinPath,
} from '@hep/nn';
import type { HostTensor, Model, Optimiser, ParameterSpec, Parameters, Weights } from '@hep/nn';
import type { CalRatioNetwork } from './calratio-network.ts';

/** Named tensors. */
export type Tensors = Record<string, tf.Tensor>;

/** Host values by name. */
export type HostTensors = Readonly<Record<string, HostTensor>>;

/** One of the two. */
export interface Player {
  /** First part of the names of its state. */
  readonly name: 'main' | 'adversary';
  readonly model: Model;
  /** What it trains. */
  readonly specs: readonly ParameterSpec[];
  readonly optimiser: Optimiser;
}

/** Both, and the moving statistics that belong to the adversary. */
export interface Players {
  readonly main: Player;
  readonly adversary: Player;
  readonly statistics: readonly ParameterSpec[];
}

/** The players of a network; Nadam where no optimiser is given. */
export function playersOf(
  { mainLogits, adversaryLogit }: CalRatioNetwork,
  optimisers: { readonly mainOptimiser?: Optimiser; readonly adversaryOptimiser?: Optimiser },
): Players {
  const trainable = (model: Model) => model.parameterSpecs.filter((spec) => spec.trainable);
  return {
    main: {
      name: 'main',
      model: mainLogits,
      specs: trainable(mainLogits),
      optimiser: optimisers.mainOptimiser ?? nadam(),
    },
    adversary: {
      name: 'adversary',
      model: adversaryLogit,
      specs: trainable(adversaryLogit),
      optimiser: optimisers.adversaryOptimiser ?? nadam(),
    },
    statistics: adversaryLogit.parameterSpecs.filter((spec) => !spec.trainable),
  };
}

/** Values by name with a prefix. */
export function withPrefix<T>(prefix: string, values: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}/${name}`, value]));
}

/** Parameters of both players by path. */
export function parametersOf({ main, adversary, statistics }: Players, state: Tensors): Parameters {
  return {
    ...splitParameters(main.specs, state['main/trainable']),
    ...splitParameters(adversary.specs, state['adversary/trainable']),
    ...Object.fromEntries(statistics.map(({ name }) => [name, state[name]])),
  };
}

/** Gradients of a player as one vector, averaged over replicas together with what else the batch gave. */
export function averaged(
  { specs }: Player,
  gradients: Parameters,
  measured: Parameters,
): { readonly gradient: tf.Tensor1D; readonly means: Tensors } {
  const [gradient, ...means] = allReduceMean<tf.Tensor[]>([
    flattenParameters(specs, gradients),
    ...Object.values(measured),
  ]);
  return {
    gradient: gradient as tf.Tensor1D,
    means: Object.fromEntries(Object.keys(measured).map((name, i) => [name, means[i]])),
  };
}

/** The state of one player after an update. */
export function updated(player: Player, gradient: tf.Tensor1D, state: Tensors, inputs: Tensors): Tensors {
  const { name, specs, optimiser } = player;
  const next = updateParameters({ optimiser, trainable: specs }, gradient, withinPath(state, name), inputs);
  return withPrefix(name, next);
}

/** State before the first step. */
export function initialState({ main, adversary, statistics }: Players, weights: Weights): HostTensors {
  return {
    ...initialStateOf(main, weights),
    ...initialStateOf(adversary, weights),
    ...splitWeights(statistics, flattenWeights(statistics, weights)),
  };
}

function initialStateOf({ name, specs, optimiser }: Player, weights: Weights): HostTensors {
  return withPrefix(name, {
    trainable: { shape: [parameterCount(specs)], values: flattenWeights(specs, weights) },
    ...initialSlots(optimiser, specs),
  });
}

/** Parameters of a state by path: the tagger's, the adversary's, moving statistics. */
export function weightsOf({ main, adversary, statistics }: Players, state: HostTensors): HostTensors {
  return {
    ...splitWeights(main.specs, state['main/trainable'].values),
    ...splitWeights(adversary.specs, state['adversary/trainable'].values),
    ...Object.fromEntries(statistics.map(({ name }) => [name, state[name]])),
  };
}
