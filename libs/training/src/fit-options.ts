import type { HostState, Trainer } from '@hep/engine';
import { UserError } from '@hep/options';
import type { Callback } from './callbacks/callback.ts';
import type { BestEpoch, RunIdentity } from './checkpoints/loop-state.ts';
import type { TensorShape } from './checkpoints/model-signature.ts';
import type { EpochRow } from './history.ts';
import type { Progress } from './progress/progress.ts';
import type { RunDirectory } from './run-directory.ts';

/** A data set that the trainer knows by name. */
export interface DataSize {
  readonly name: string;
  readonly rows: number;
}

/** A constant, or a function of the finished optimiser steps (0 for the first step). */
export type LearningRate = number | ((finishedSteps: number) => number);

/** What to train and how. */
export interface FitOptions {
  readonly trainer: Trainer;
  /** Identifies the model in checkpoints; `parameters` tell models apart whose states look alike. */
  readonly model: { readonly name: string; readonly parameters?: readonly TensorShape[] };
  readonly train: DataSize;
  readonly validation?: DataSize;
  readonly batchSize: number;
  /** In total, those of earlier starts included. */
  readonly epochs: number;
  readonly learningRate: LearningRate;
  /** Values of further scalar inputs of the step in the first epoch; callbacks may change them. */
  readonly scalars?: Readonly<Record<string, number>>;
  /** 32-bit seed of the order of the rows and of random layers. */
  readonly seed: number;
  /** Visits the rows in a new order in each epoch; true unless given. */
  readonly shuffle?: boolean;
  readonly callbacks?: readonly Callback[];
  /** Where checkpoints and history go; without it nothing is written. */
  readonly run?: RunDirectory;
  /** Go on from the newest good checkpoint of `run`. */
  readonly resume?: boolean;
  /** Minutes between checkpoints within an epoch; 10 unless given. One is written after every epoch anyway. */
  readonly checkpointMinutes?: number;
  /** Newest checkpoints to keep; 2 unless given. The best epoch's is kept as well. */
  readonly keepCheckpoints?: number;
  /** Aborted to stop after the running stretch; see `interruptible`. */
  readonly signal?: AbortSignal;
  readonly progress?: Progress;
  /** Wall time of a stretch of batches between two looks at the clock; 0.4 unless given. */
  readonly stretchSeconds?: number;
}

/** What a training gave. */
export interface FitResult {
  readonly history: readonly EpochRow[];
  /** Finished epochs. */
  readonly epochs: number;
  /** `epochs` when all are done, `interrupt`, or the name of the callback that stopped. */
  readonly stoppedBy: string;
  readonly best: BestEpoch | null;
  /** Epoch of which `state` is: the last one, or the best one when it was restored. */
  readonly stateEpoch: number;
  /** State of the trainer. */
  readonly state: HostState;
  /** Newest checkpoint; null without a run directory. */
  readonly checkpoint: string | null;
  /** Wall time of the run, earlier starts included. */
  readonly seconds: number;
}

/** The part of the options that a resumed run must share. */
export function identityOf({ seed, batchSize, train, validation }: FitOptions): RunIdentity {
  return { seed, batchSize, trainRows: train.rows, validationRows: validation?.rows ?? 0 };
}

/** @throws UserError for the first option that cannot work */
export function checkFitOptions(options: FitOptions): void {
  const { batchSize, epochs, seed, train, checkpointMinutes = 10, callbacks = [] } = options;
  requireCount('batch size', batchSize);
  requireCount('epochs', epochs);
  if (train.rows < 1) throw new UserError(`data set "${train.name}" has no rows; check files and selection`);
  if (batchSize > train.rows) {
    throw new UserError(
      `batch size ${batchSize} is larger than the ${train.rows} rows of data set "${train.name}"; ` +
        `choose at most ${train.rows}`,
    );
  }
  if (!Number.isInteger(seed)) throw new UserError(`seed ${seed}: expected an integer`);
  if (!(checkpointMinutes > 0)) {
    throw new UserError(`checkpoint minutes ${checkpointMinutes}: expected a positive number`);
  }
  const names = callbacks.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw new Error(`two callbacks are called "${twice}"; their names must differ`);
}

function requireCount(what: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new UserError(`${what} ${value}: expected an integer of at least 1`);
  }
}
