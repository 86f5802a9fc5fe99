import type { tf } from '@hep/graph';

/** State of an optimiser: one number per parameter, or one number in all. */
export interface Slot {
  readonly name: string;
  readonly size: 'vector' | 'scalar';
  /** Value of every element before the first update. */
  readonly initial: number;
}

/** What an update reads. */
export interface UpdateInputs {
  /** [P] */
  readonly parameters: tf.Tensor;
  /** [P] */
  readonly gradients: tf.Tensor;
  /** By slot name: [P] or []. */
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
