import type { HostState, Tallies } from '@hep/engine';
import type { JsonValue } from '../checkpoints/json-numbers.ts';

/** Results of an epoch by name: `loss`, metrics, `val_loss`, ... */
export type Logs = Readonly<Record<string, number>>;

/** What a callback may know at the end of an epoch. */
export interface EpochContext {
  /** The epoch that ended, counted from 1. */
  readonly epoch: number;
  /** Finished optimiser steps. */
  readonly step: number;
  /** Learning rate of the next step, before a callback changes it. */
  readonly learningRate: number;
  /** Learning rate of the last step. */
  readonly lastLearningRate: number;
  /** Further scalar inputs of the steps of this epoch. */
  readonly scalars: Readonly<Record<string, number>>;
  /** Sums of results that are no scalars: of training over the epoch, and with the prefix `val_` of validation. */
  readonly tallies: Tallies;
  /** State after the epoch; read from the device once, whoever asks. Not to be changed. */
  readState(): Promise<HostState>;
  /** Writes the state after the epoch to a file of its own, for `readCheckpoint`. */
  writeCheckpoint(path: string): Promise<void>;
}

/** What a callback wants after an epoch. */
export interface EpochDecision {
  /** Ends the training. */
  readonly stop?: boolean;
  /** This epoch is the best so far; see `Callback.judges`. */
  readonly best?: boolean;
  /** New learning rate; with a schedule all later rates change by the same factor. */
  readonly learningRate?: number;
  /** New values of further scalar inputs of the step, by name. */
  readonly scalars?: Readonly<Record<string, number>>;
  /** Further results of the epoch, seen by the callbacks that follow and by the history. */
  readonly logs?: Logs;
  /** One line for the user. */
  readonly notice?: string;
}

/** Where a training begins or goes on. */
export interface TrainingStart {
  /** Finished epochs. */
  readonly epoch: number;
  readonly resumed: boolean;
}

/**
 * Something that happens during a training. Its decisions may depend on the logs, the state and its own memory
 * only, so that a resumed run decides alike. Callbacks run in the order given.
 */
export interface Callback {
  /** Distinct within a run; its memory in the checkpoints goes by this name, as does `stoppedBy`. */
  readonly name: string;
  /** Set by a callback that tells which epochs are best, and by which number. The first one of a run counts. */
  readonly judges?: { readonly monitor: string; readonly restoreBest: boolean };
  onTrainingStart?(start: TrainingStart): void | Promise<void>;
  onEpochEnd?(logs: Logs, context: EpochContext): EpochDecision | void | Promise<EpochDecision | void>;
  /** After the last epoch, an interruption or an error. */
  onTrainingEnd?(): void | Promise<void>;
  /** Memory of the callback for a checkpoint. */
  save?(): JsonValue;
  /** Takes the memory back that `save` gave. */
  restore?(memory: JsonValue): void;
}
