import type { tf } from '@hep/graph';
import type { HostTensor, ParameterSpec } from '../parameters.ts';

/** State of an optimiser. */
export type Slot =
  /** One number per parameter, or one number in all; `initial` is their value before the first update. */
  | { readonly name: string; readonly size: 'vector' | 'scalar'; readonly initial: number }
  /** Numbers that depend on the shapes of the parameters. */
  | {
      readonly name: string;
      readonly size: 'own';
      readonly initial: (specs: readonly ParameterSpec[]) => HostTensor;
    };

/** What an update reads. */
export interface UpdateInputs {
  /** [P] */
  readonly parameters: tf.Tensor;
  /** [P] */
  readonly gradients: tf.Tensor;
  /** Shapes of the parameters, in the order of the vectors. */
  readonly specs: readonly ParameterSpec[];
  /** By slot name: [P], [] or as the slot says. */
  readonly slots: Readonly<Record<string, tf.Tensor>>;
  /** [] float32 */
  readonly learningRate: tf.Tensor;
  /** [] float32, 1 for the first update. */
  readonly step: tf.Tensor;
}

/** What an update makes. */
export interface UpdateResult {
  readonly parameters: tf.Tensor;
  readonly slots: Readonly<Record<string, tf.Tensor>>;
}

/** One update of all parameters as a pure function of flat vectors. Numbers are those of Keras 2.15. */
export interface Optimiser {
  readonly name: string;
  readonly slots: readonly Slot[];
  /**
   * Decoupled weight decay: before the update `w -= learningRate * weightDecay * w` for the parameters that decay.
   * Applied by the training step, which knows the parameters' names.
   */
  readonly weightDecay: number;
  update(inputs: UpdateInputs): UpdateResult;
  /** What is done to the slots between steps; most optimisers have nothing. */
  readonly upkeep?: SlotUpkeep;
}

/** Work on the slots of an optimiser that no graph does well, such as decompositions of matrices. */
export interface SlotUpkeep {
  /** Steps between two times. */
  readonly every: number;
  /** The slots that change, by name. */
  refresh(
    specs: readonly ParameterSpec[],
    slots: Readonly<Record<string, HostTensor>>,
  ): Readonly<Record<string, HostTensor>>;
}

/** Options that every optimiser has. */
export interface CommonOptions {
  /** Decoupled weight decay; 0 unless given. */
  readonly weightDecay?: number;
}

/** Slots [P] that start at zero. */
export function vectorSlots(...names: readonly string[]): Slot[] {
  return names.map((name) => ({ name, size: 'vector', initial: 0 }));
}
