import { earlierRunPath } from '@hep/calratio-training';
import { command } from '@hep/options';
import type { CliOutput, Command } from '@hep/options';
import { earlierOptions, FREE_OPTIONS, requireScheduleParameters, stoppable } from '@hep/training-command';
import { join } from 'node:path';
import { loadData, requireBothSamples } from '../training/data.ts';
import { completed, trainOptions } from '../training/options.ts';
import type { GivenOptions } from '../training/options.ts';
import type { RunResults } from '../report/run-results.ts';
import { openRun, planRuns } from '../training/runs.ts';
import type { PlannedRun } from '../training/runs.ts';
import { runTraining } from '../training/run-training.ts';

const DESCRIPTION =
  'Trains the jet tagger against its adversary and judges it on test jets. The best epoch is chosen by --select, which ' +
  'weighs the classes against the agreement of data and simulation. Without files it trains on synthetic jets.';

/**
 * What may differ from the earlier run: how long and how fast to train, where it runs. Files may have moved; that they
 * are the same is checked by their content.
 */
const CHANGEABLE: ReadonlySet<keyof GivenOptions> = new Set([
  ...(['mainTrainingFile', 'crTrainingFile', 'cache', 'epochs', 'learningRate'] as const),
  ...(['schedule', 'schedulePeriod', 'scheduleFactor', 'scheduleGrowth', 'patience', 'restoreBest'] as const),
  ...(['output', 'modelName', 'continue', 'keepCheckpoints'] as const),
  ...FREE_OPTIONS.filter((name) => name !== 'force'),
]);

const fresh = command({ name: 'train', describe: DESCRIPTION, options: trainOptions, run: train });

/** Trains; with `--resume RUN` or `--continue N` the options of that run count. */
export const trainCommand: Command = {
  ...fresh,
  execute: async (argv, output) => {
    const given = trainOptions.parse(argv);
    const path = await pathToResume(given);
    return path === undefined ? train(given, output) : goOn(path, argv, [], output);
  },
};

async function pathToResume({
  resume,
  continue: run,
  output,
  modelName,
}: GivenOptions): Promise<string | undefined> {
  if (resume !== undefined || run === undefined) return resume;
  return earlierRunPath(join(output, modelName), run);
}

const resumeShown = command({
  name: 'resume',
  describe: 'Goes on with a run where it stopped, with its options; as train --resume RUN.',
  options: trainOptions,
  positionals: ['resume'],
  run: train,
});

/** Goes on with a run. */
export const resumeCommand: Command = {
  ...resumeShown,
  execute: async (argv, output) => {
    const { resume } = trainOptions.parse(argv, { positionals: ['resume'] });
    return resume === undefined ? trainCommand.execute(argv, output) : goOn(resume, argv, ['resume'], output);
  },
};

async function goOn(
  path: string,
  argv: readonly string[],
  positionals: readonly 'resume'[],
  output: CliOutput,
): Promise<number> {
  const set = {
    declarations: trainOptions.declarations,
    parse: (flags: readonly string[], settings: { config: string }) =>
      trainOptions.parse(flags, { ...settings, positionals }),
  };
  const { chosen } = earlierOptions(set, CHANGEABLE, path, argv);
  return train({ ...chosen, resume: path }, output);
}

async function train(given: GivenOptions, output: CliOutput): Promise<number> {
  const options = completed(given);
  requireScheduleParameters(options);
  requireBothSamples(options);
  const { main, comparison, inputs } = await planRuns(options, output.out);
  if (main.isFinished && (comparison?.isFinished ?? true)) {
    output.out(`${main.path}: finished already after epoch ${main.earlier?.record.result?.epochs}`);
    return 0;
  }
  const data = await loadData(options, output.out);
  // The directory of the comparison lies in that of the training, which must be there first.
  const run = await openRun(main, inputs);
  const comparisonRun = comparison === null ? null : await openRun(comparison, inputs);
  return stoppable(output, async (signal) => {
    const context = (plan: PlannedRun) => ({ data, signal, output, isResumed: plan.earlier !== null });
    let beside: RunResults | undefined;
    if (comparison !== null) {
      const found = await runTraining(comparisonRun!, comparison.options, context(comparison));
      if (found === null) return 'interrupted';
      beside = found;
    }
    const results = await runTraining(run, main.options, context(main), beside);
    return results === null ? 'interrupted' : 'finished';
  });
}
