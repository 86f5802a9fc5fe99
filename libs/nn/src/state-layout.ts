/** Where a training state keeps the parameters of a model. */
import type { tf } from '@hep/graph';
import type { Optimiser } from './optimisers/optimiser.ts';
import { flattenWeights, parameterCount, sizeOf, splitParameters, splitWeights } from './parameters.ts';
import type { HostTensor, Parameters, ParameterSpec, Weights } from './parameters.ts';

/**
 * The entries of a training state: `trainable` [P] holds everything that gradients change, `slot/<name>` the
 * optimiser's memory, and every other parameter (moving statistics, frozen weights) stands under its own path.
 */
export interface StateLayout {
  /** Parameters in `trainable`, in order. */
  readonly trainable: readonly ParameterSpec[];
  /** Parameters under their own paths. */
  readonly fixed: readonly ParameterSpec[];
  /** Parameters of a state of tensors. */
  parametersOf(state: Readonly<Record<string, tf.Tensor>>): Parameters;
  /** Parameters of a state of host values, in the model's order. */
  weightsOf(state: Readonly<Record<string, HostTensor>>): Record<string, HostTensor>;
  /** State before the first step of an optimiser. */
  initialState(optimiser: Optimiser, weights: Weights): Record<string, HostTensor>;
}

/** Layout for the parameters of a model, of which some may be frozen although they are trainable. */
export function stateLayout(
  specs: readonly ParameterSpec[],
  frozen: (name: string) => boolean = () => false,
): StateLayout {
  const learns = (spec: ParameterSpec) => spec.trainable && !frozen(spec.name);
  const trainable = specs.filter(learns);
  const fixed = specs.filter((spec) => !learns(spec));
  return {
    trainable,
    fixed,
    parametersOf: (state) => {
      const learnt = trainable.length === 0 ? {} : splitParameters(trainable, state['trainable']);
      return { ...Object.fromEntries(fixed.map(({ name }) => [name, state[name]])), ...learnt };
    },
    weightsOf: (state) => {
      const learnt = splitWeights(trainable, state['trainable'].values);
      return Object.fromEntries(specs.map(({ name }) => [name, learnt[name] ?? state[name]]));
    },
    initialState: (optimiser, weights) => ({
      trainable: { shape: [parameterCount(trainable)], values: flattenWeights(trainable, weights) },
      ...initialSlots(optimiser, trainable),
      ...splitWeights(fixed, flattenWeights(fixed, weights)),
    }),
  };
}

/** Values of an optimiser's slots before the first update of the parameters `specs`, by `slot/<name>`. */
export function initialSlots(
  optimiser: Optimiser,
  specs: readonly ParameterSpec[],
): Record<string, HostTensor> {
  return Object.fromEntries(
    optimiser.slots.map((slot): [string, HostTensor] => {
      const name = `slot/${slot.name}`;
      if (slot.size === 'own') return [name, slot.initial(specs)];
      const shape = slot.size === 'vector' ? [parameterCount(specs)] : [];
      return [name, { shape, values: new Float32Array(sizeOf(shape)).fill(slot.initial) }];
    }),
  );
}
