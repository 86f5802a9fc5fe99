import type { EpochRow } from '../history.ts';
import type { JsonValue } from './json-numbers.ts';

/** Options that a resumed run must share with the run that it continues. */
export interface RunIdentity {
  /** 32-bit seed; with the epoch it makes the order of the rows. */
  readonly seed: number;
  readonly batchSize: number;
  readonly trainRows: number;
  readonly validationRows: number;
}

/** The best epoch so far. */
export interface BestEpoch {
  /** Counted from 1. */
  readonly epoch: number;
  readonly monitor: string;
  readonly value: number;
}

/** Where the training loop stands: with the state of the step, everything that the next batch depends on. */
export interface LoopState {
  readonly identity: RunIdentity;
  /** Finished epochs. */
  epoch: number;
  /** Next batch of the epoch that runs, counted from 0. */
  nextBatch: number;
  /** Finished optimiser steps. */
  step: number;
  /** Sum over the batches of the epoch of output times rows; the means of the epoch when divided by `rowsDone`. */
  sums: Record<string, number>;
  rowsDone: number;
  /** Sums of results that are no scalars over the batches of the epoch; absent where there are none. */
  tallies?: Readonly<Record<string, readonly number[]>>;
  /** Factor on the scheduled learning rate. */
  learningRateScale: number;
  /** Further scalar inputs of the step by name; absent where there are none. */
  scalars?: Readonly<Record<string, number>>;
  /** State of each callback by name. */
  callbacks: Record<string, JsonValue>;
  history: EpochRow[];
  best: BestEpoch | null;
  /** Callback that ended the training, or null. */
  stoppedBy: string | null;
  /** Wall time spent in the run and in the epoch that runs. */
  seconds: number;
  epochSeconds: number;
}

/** The loop before the first batch. */
export function initialLoopState(
  identity: RunIdentity,
  scalars?: Readonly<Record<string, number>>,
): LoopState {
  return {
    identity,
    epoch: 0,
    nextBatch: 0,
    step: 0,
    sums: {},
    rowsDone: 0,
    learningRateScale: 1,
    ...(scalars === undefined ? {} : { scalars }),
    callbacks: {},
    history: [],
    best: null,
    stoppedBy: null,
    seconds: 0,
    epochSeconds: 0,
  };
}
