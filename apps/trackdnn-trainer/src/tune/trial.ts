/** One trial in a process of its own: an ordinary training, whose outcome is a file beside it. */
import { join } from 'node:path';
import type { PlannedTrial, SearchFolder } from '@hep/hyperband';
import { RunFailure } from '@hep/options';
import type { CliOutput } from '@hep/options';
import { readHistory } from '@hep/training';
import { train } from '../commands/train.ts';
import { trainOptions } from '../options.ts';
import type { TrainOptions } from '../options.ts';
import type { TuneOptions } from './options.ts';
import { bestEpochOf } from './trial-history.ts';

/**
 * Trains a trial for a round, on from where the round before ended, and writes the outcome. A training that diverges is
 * an outcome, too.
 * @returns the exit code
 */
export async function trainTrial(
  folder: SearchFolder,
  tune: TuneOptions,
  trial: PlannedTrial,
  round: number,
  output: CliOutput,
): Promise<number> {
  const { number, bracket } = trial;
  const path = folder.trialFolder(number);
  const { epochs } = folder.plan.brackets[bracket][round];
  if (folder.outcomes(number, round) !== undefined) return 0;
  try {
    const code = await train(trialOptions(tune, trial, path, epochs), output, 'trained');
    if (code !== 0) return code;
    const history = await readHistory(join(path, 'history.csv'));
    await folder.write(number, round, bestEpochOf(history, epochs, folder.plan.objective));
  } catch (error) {
    if (!(error instanceof RunFailure)) throw error;
    await folder.write(number, round, { kind: 'failed', reason: error.message });
  }
  return 0;
}

/** Judges and exports a trial with the weights of its best epoch. @returns the exit code */
export async function finishTrial(
  folder: SearchFolder,
  tune: TuneOptions,
  trial: PlannedTrial,
  epochs: number,
  output: CliOutput,
): Promise<number> {
  return train(trialOptions(tune, trial, folder.trialFolder(trial.number), epochs), output);
}

/** Options of the training of a trial, which goes on where there is one already. */
function trialOptions(
  tune: TuneOptions,
  { configuration }: PlannedTrial,
  output: string,
  epochs: number,
): TrainOptions {
  const { declarations } = trainOptions;
  const chosen = declarations.filter(({ flag }) => flag in configuration);
  return {
    ...trainOptions.parse([]),
    ...Object.fromEntries(
      declarations.filter(({ key }) => key in tune).map(({ key }) => [key, tune[key as never]]),
    ),
    ...Object.fromEntries(chosen.map(({ key, flag }) => [key, configuration[flag]])),
    ...{ output, resume: output, force: true, epochs, monitor: tune.objective, restoreBest: true },
  };
}
