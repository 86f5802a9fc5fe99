import type { Signature, StepFunction } from '@hep/graph';
import type { HostState } from './trainer.ts';

/** Scalar inputs that a trainer feeds to every step; `step` counts from 1. */
export const SCALAR_INPUTS = {
  learningRate: { shape: [], dtype: 'float32' },
  step: { shape: [], dtype: 'float32' },
  seed: { shape: [], dtype: 'int32' },
} as const satisfies Signature;

/** A model in training, as functions over tfjs tensors; traced once by graph engines, called by eager ones. */
export interface Program {
  readonly name: string;
  /**
   * (state, inputs) -> next state and outputs. Scalar outputs must be averaged over replicas with `allReduceMean`; others
   * are sums over the rows of a replica, see `Tallies`.
   */
  readonly step: StepFunction;
  /** (state, inputs) -> outputs: scalars are means over the rows of the batch, others sums. */
  readonly evaluate?: StepFunction;
  /** Types of the columns that both functions may read, by input name. */
  readonly inputs: Signature;
  /** Further float32 scalar inputs of the step, whose values come with every request. */
  readonly scalars?: readonly string[];
  /** State before the first step. */
  readonly initialState: HostState;
  /** Work between steps; see `withUpkeep`. */
  readonly upkeep?: Upkeep;
}

/** Work on the state of a training that its graph does not do. */
export interface Upkeep {
  /** Steps between two times. */
  readonly every: number;
  /** The entries of the state that change. */
  refresh(state: HostState): HostState;
}

/**
 * The values of a program's own scalar inputs.
 * @throws Error when a request lacks one
 */
export function requestedScalars(
  { name, scalars = [] }: Program,
  values: Readonly<Record<string, number>> = {},
): Record<string, number> {
  const missing = scalars.find((scalar) => values[scalar] === undefined);
  if (missing !== undefined) throw new Error(`program ${name}: the request has no value of ${missing}`);
  return Object.fromEntries(scalars.map((scalar) => [scalar, values[scalar]!]));
}
