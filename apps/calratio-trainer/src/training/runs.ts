/** The run directories of a command: the training, and in it the one without adversary that it is compared with. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { localFiles } from '@hep/calratio-jets';
import { nextRunPath } from '@hep/calratio-training';
import { engineVersions } from '@hep/engine';
import { createRunDirectory, describeInputs, openRunDirectory, requireSameInputs } from '@hep/training';
import type { InputFile, RunDirectory } from '@hep/training';
import { isFinished, requireWritable, saveConfig } from '@hep/training-command';
import { trainOptions } from './options.ts';
import type { TrainOptions } from './options.ts';
import { VERSION } from '../version.ts';

/** One training of a command. */
export interface PlannedRun {
  readonly path: string;
  readonly options: TrainOptions;
  /** The run to go on with; null for a new one. */
  readonly earlier: RunDirectory | null;
  readonly isFinished: boolean;
}

/** The trainings of a command. */
export interface PlannedRuns {
  readonly main: PlannedRun;
  /** The same without adversary; null when it was not asked for. */
  readonly comparison: PlannedRun | null;
  readonly inputs: readonly InputFile[];
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
  const comparison = { ...options, adversaryWeight: 0, compareWithoutAdversary: false };
  return {
    main: await planned(path, options, inputs),
    comparison: options.compareWithoutAdversary
      ? await planned(join(path, COMPARISON), comparison, inputs)
      : null,
    inputs,
  };
}

/** Folder of the training without adversary. */
const COMPARISON = 'without-adversary';

async function planned(
  path: string,
  options: TrainOptions,
  inputs: readonly InputFile[],
): Promise<PlannedRun> {
  if (options.resume === undefined || !existsSync(join(path, 'run.json'))) {
    return { path, options, earlier: null, isFinished: false };
  }
  const earlier = await openRunDirectory(path);
  requireSameInputs(earlier.record.inputs, inputs);
  return { path, options, earlier, isFinished: isFinished(earlier.record, options) };
}

/** The directory of a run: a new one, or the earlier one with the options that count from now on. */
export async function openRun(
  { path, options, earlier }: PlannedRun,
  inputs: readonly InputFile[],
): Promise<RunDirectory> {
  const config = trainOptions.toYaml({ ...options, resume: undefined, continue: undefined });
  if (earlier !== null) {
    await saveConfig(path, config);
    return earlier;
  }
  const versions = { 'calratio-trainer': VERSION, ...engineVersions };
  return createRunDirectory(path, { config, seed: options.seed, versions, inputs });
}
