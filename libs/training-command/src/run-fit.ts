/** What the options of a command say to `fit`. */
import type { CliOutput } from '@hep/options';
import { consoleProgress, EarlyStopping, tensorBoard, TrackBest } from '@hep/training';
import type { Callback, FitOptions, Progress, RunDirectory, TensorBoardOptions } from '@hep/training';
import { learningRateOf } from './schedule.ts';
import type { ScheduleChoice } from './schedule.ts';

/** Values of the options that `fitSettings` reads. */
export interface Pace extends ScheduleChoice {
  readonly batchSize: number;
  readonly seed: number;
  readonly checkpointMinutes: number;
}

/** What `fit` needs from a command beside the network and its data. */
export type FitSettings = Pick<
  FitOptions,
  'batchSize' | 'epochs' | 'learningRate' | 'seed' | 'checkpointMinutes' | 'signal' | 'progress'
>;

/**
 * @param rows of the training data
 * @returns the part of `fit`'s options that is the same in every program
 */
export function fitSettings(
  options: Pace,
  rows: number,
  { signal, output }: { readonly signal: AbortSignal; readonly output: CliOutput },
): FitSettings {
  const { batchSize, epochs, seed, checkpointMinutes } = options;
  const learningRate = learningRateOf(options, Math.ceil(rows / batchSize));
  return { batchSize, epochs, learningRate, seed, checkpointMinutes, signal, progress: progressOn(output) };
}

/** Progress on the terminal, or in lines where there is none. */
export function progressOn({ out, terminal }: CliOutput): Progress {
  return consoleProgress(terminal ?? { write: (text) => out(text.trimEnd()) });
}

/** Values of the options about the best epoch. */
export interface BestEpochChoice {
  /** 0: train until the last epoch. */
  readonly patience: number;
  readonly restoreBest: boolean;
}

/**
 * Remembers the best epoch, the one with the smallest `monitor` (largest where its name ends in `auc` or `accuracy`), and
 * stops when it stays the best for too long.
 */
export function bestEpochCallback(
  { patience, restoreBest }: BestEpochChoice,
  monitor = 'val_loss',
): EarlyStopping | TrackBest {
  return patience > 0
    ? new EarlyStopping({ monitor, patience, restoreBest })
    : new TrackBest(monitor, { restoreBest });
}

/** Writes TensorBoard events with histograms of the weights, unless the options say no. */
export function tensorBoardCallbacks(
  { tensorboard }: { readonly tensorboard: boolean },
  run: RunDirectory,
  weights: NonNullable<TensorBoardOptions['histograms']>['weights'],
): Callback[] {
  return tensorboard ? [tensorBoard({ folder: run.file('tensorboard'), histograms: { weights } })] : [];
}
