import type { EpochRow } from '../history.ts';

/** Sizes of a training. */
export interface TrainingSize {
  readonly epochs: number;
  readonly rows: number;
  readonly batches: number;
}

/** Where the running epoch stands. */
export interface EpochProgress {
  /** Counted from 1. */
  readonly epoch: number;
  /** Finished batches and rows of the epoch. */
  readonly batch: number;
  readonly rowsDone: number;
  /** Means of the epoch so far. */
  readonly values: Readonly<Record<string, number>>;
  /** Wall time of the epoch so far. */
  readonly seconds: number;
  /** Rows per second over the last stretches. */
  readonly rate: number;
}

/** Follows a training for the user's eyes. */
export interface Progress {
  /** @param finishedEpochs of the run before this start */
  started(size: TrainingSize, finishedEpochs: number): void;
  advanced(progress: EpochProgress): void;
  epochEnded(row: EpochRow, best: boolean): void;
  /** One line that the user should see. */
  notice(text: string): void;
  ended(): void;
}

/** Shows nothing. */
export const silentProgress: Progress = {
  started: () => undefined,
  advanced: () => undefined,
  epochEnded: () => undefined,
  notice: () => undefined,
  ended: () => undefined,
};
