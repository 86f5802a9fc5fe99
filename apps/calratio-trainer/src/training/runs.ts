/** The run directories of a command: the training, and in it the one without adversary that it is compared with. */
import { join } from 'node:path';
import { localFiles } from '@hep/calratio-jets';
import { claimRunPath, nextRunPath } from '@hep/calratio-training';
import { describeInputs } from '@hep/training';
import type { InputFile, RunDirectory } from '@hep/training';
import { configOf, openRun, planRun, requireWritable } from '@hep/training-command';
import type { PlannedRun } from '@hep/training-command';
import { trainOptions } from './options.ts';
import type { TrainOptions } from './options.ts';
import { VERSION } from '../version.ts';

/** One training of a command. */
export interface PlannedTraining extends PlannedRun {
  readonly options: TrainOptions;
}

/** The trainings of a command. */
export interface PlannedRuns {
  readonly main: PlannedTraining;
  /** The same without adversary; null when it was not asked for. */
  readonly comparison: PlannedTraining | null;
}

/**
 * Finds or numbers the directories before any work is done.
 * @throws UserError when nothing can be written, or a run began with other files
 */
export async function planRuns(options: TrainOptions, tell: (line: string) => void): Promise<PlannedRuns> {
  const { mainTrainingFile, crTrainingFile, cache, output, modelName, resume } = options;
  const files = await localFiles([...mainTrainingFile, ...crTrainingFile], { cache, tell });
  const inputs = await describeInputs(files);
  const folder = join(output, modelName);
  if (resume === undefined) await requireWritable(folder);
  const path = resume ?? (await nextRunPath(folder));
  const comparison = { ...options, adversaryWeight: 0, agreementWeight: 0, compareWithoutAdversary: false };
  return {
    main: await planned(path, options, inputs),
    comparison: options.compareWithoutAdversary
      ? await planned(join(path, COMPARISON), comparison, inputs)
      : null,
  };
}

/**
 * The same with directories of their own, where the runs are new: another training may have begun meanwhile.
 * @throws UserError when nothing can be written
 */
export async function numbered(
  { main, comparison }: PlannedRuns,
  { output, modelName, resume }: TrainOptions,
): Promise<PlannedRuns> {
  if (resume !== undefined) return { main, comparison };
  const path = await claimRunPath(join(output, modelName));
  return {
    main: { ...main, path },
    comparison: comparison === null ? null : { ...comparison, path: join(path, COMPARISON) },
  };
}

/** Folder of the training without adversary. */
const COMPARISON = 'without-adversary';

async function planned(
  path: string,
  options: TrainOptions,
  inputs: readonly InputFile[],
): Promise<PlannedTraining> {
  return { ...(await planRun(path, options, inputs)), options };
}

/** The directory of a run: a new one, or the earlier one with the options that count from now on. */
export async function openTraining({ options, ...plan }: PlannedTraining): Promise<RunDirectory> {
  return openRun(plan, {
    config: configOf(trainOptions, { ...options, continue: undefined }),
    seed: options.seed,
    versions: { 'calratio-trainer': VERSION },
  });
}
