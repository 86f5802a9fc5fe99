import { join } from 'node:path';
import { SearchFolder, whileRunnerLives } from '@hep/hyperband';
import type { PlannedTrial } from '@hep/hyperband';
import { command, defineOptions, option, UserError } from '@hep/options';
import { z } from 'zod';
import { tuneOptions } from '../tune/options.ts';
import { finishTrial, trainTrial } from '../tune/trial.ts';

const options = defineOptions({
  folder: option({ schema: z.string().min(1), describe: 'folder of the search' }),
  trial: option({ schema: z.int().min(0), describe: 'number of the trial' }),
  round: option({
    schema: z.int().min(1).optional(),
    describe: 'round that is trained; left away: the trial is judged and exported as it is',
  }),
});

/** What `tune` starts for each trial of a round. */
export const tuneTrialCommand = command({
  options,
  positionals: ['folder', 'trial'],
  run: async ({ folder: path, trial: number, round }, output) => {
    const folder = await SearchFolder.open(path);
    const trial = trialOf(folder, number);
    const tune = tuneOptions.parse([], { config: join(path, 'config.yaml') });
    return whileRunnerLives(join(path, 'trials', String(number)), () =>
      round === undefined
        ? finishTrial(folder, tune, trial, lastEpochs(folder, trial), output)
        : trainTrial(folder, tune, trial, requireRound(folder, trial, round), output),
    );
  },
});

function trialOf({ path, plan }: SearchFolder, number: number): PlannedTrial {
  const trial = plan.trials[number] as PlannedTrial | undefined;
  if (trial !== undefined) return trial;
  throw new UserError(`${path}: no trial ${number}, expected 0 to ${plan.trials.length - 1}`);
}

/** Index of a round of the trial's bracket. */
function requireRound({ plan }: SearchFolder, { bracket }: PlannedTrial, round: number): number {
  const rounds = plan.brackets[bracket].length;
  if (round <= rounds) return round - 1;
  throw new UserError(`option --round ${round}: expected 1 to ${rounds}`);
}

/** Epochs of the last round that the trial has an outcome of. */
function lastEpochs({ path, plan, outcomes }: SearchFolder, { number, bracket }: PlannedTrial): number {
  const round = plan.brackets[bracket].findLastIndex((_, index) => outcomes(number, index) !== undefined);
  if (round >= 0) return plan.brackets[bracket][round].epochs;
  throw new UserError(`${path}: trial ${number} was not trained yet; give a --round`);
}
