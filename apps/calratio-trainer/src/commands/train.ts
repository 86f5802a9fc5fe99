import { earlierRunPath } from '@hep/calratio-training';
import type { CliOutput } from '@hep/options';
import {
  FREE_OPTIONS,
  PACE_OPTIONS,
  requireScheduleParameters,
  resumableCommands,
  stoppable,
} from '@hep/training-command';
import { join } from 'node:path';
import { loadData, requireBothSamples } from '../training/data.ts';
import { completed, trainOptions } from '../training/options.ts';
import type { GivenOptions } from '../training/options.ts';
import type { RunResults } from '../report/run-results.ts';
import { numbered, openTraining, planRuns } from '../training/runs.ts';
import type { PlannedTraining } from '../training/runs.ts';
import { runTraining } from '../training/run-training.ts';

/**
 * What may differ from the earlier run: how long and how fast to train, where it runs. Files may have moved; that they
 * are the same is checked by their content.
 */
const CHANGEABLE: ReadonlySet<keyof GivenOptions> = new Set([
  ...PACE_OPTIONS,
  ...([
    'mainTrainingFile',
    'crTrainingFile',
    'cache',
    'output',
    'modelName',
    'continue',
    'keepCheckpoints',
  ] as const),
  ...FREE_OPTIONS.filter((name) => name !== 'force'),
]);

/** `train`, and `resume RUN`; `--continue N` names a run, too. */
export const { train: trainCommand, resume: resumeCommand } = resumableCommands({
  options: trainOptions,
  changeable: CHANGEABLE,
  earlierRun: pathToResume,
  start: train,
  goOn: (path, options, output) => train({ ...options, resume: path }, output),
});

async function pathToResume({
  resume,
  continue: run,
  output,
  modelName,
}: GivenOptions): Promise<string | undefined> {
  if (resume !== undefined || run === undefined) return resume;
  return earlierRunPath(join(output, modelName), run);
}

async function train(given: GivenOptions, output: CliOutput): Promise<number> {
  const options = completed(given);
  requireScheduleParameters(options);
  requireBothSamples(options);
  const planned = await planRuns(options, output.out);
  if (planned.main.isFinished && (planned.comparison?.isFinished ?? true)) {
    const { path, earlier } = planned.main;
    output.out(`${path}: finished already after epoch ${earlier?.record.result?.epochs}`);
    return 0;
  }
  const data = await loadData(options, output.out);
  const { main, comparison } = await numbered(planned, options);
  // The directory of the comparison lies in that of the training, which must be there first.
  const run = await openTraining(main);
  const comparisonRun = comparison === null ? null : await openTraining(comparison);
  return stoppable(output, async (signal) => {
    const context = (plan: PlannedTraining) => ({ data, signal, output, isResumed: plan.earlier !== null });
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
