import type { Signature, StepFunction } from '@hep/graph';
import type { HostState } from './trainer.ts';

/** Scalar inputs that a trainer feeds by itself: float32 `learningRate`, float32 `step` (from 1), int32 `seed`. */
export const SCALAR_INPUTS = ['learningRate', 'step', 'seed'] as const;

/** A model in training, as functions over tfjs tensors; traced once by graph engines, called by eager ones. */
export interface Program {
  readonly name: string;
  /** (state, inputs) -> next state and outputs; outputs must be averaged over replicas with `allReduceMean`. */
  readonly step: StepFunction;
  /** (state, inputs) -> outputs that are means over the rows of the batch. */
  readonly evaluate?: StepFunction;
  /** Types of the columns that both functions may read, by input name. */
  readonly inputs: Signature;
  /** State before the first step. */
  readonly initialState: HostState;
}
