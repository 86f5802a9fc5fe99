/**
 * The folder of a command's results:
 *
 *     config.yaml   summary.csv   summary.json   one run directory for each network
 */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { engineVersions } from '@hep/engine';
import type { EcoderModel } from '@hep/ecoder-models';
import { summaryTable, writeSummary } from '@hep/model-files';
import type { SummaryEntry } from '@hep/model-files';
import { storageError } from '@hep/files';
import {
  createRunDirectory,
  describeInputs,
  openRunDirectory,
  requireFree,
  requireSameInputs,
} from '@hep/training';
import type { InputFile, RunDirectory, RunRecord } from '@hep/training';
import { isFinished, requireWritable, saveConfig } from '@hep/training-command';
import { lossOf } from './choices.ts';
import type { ChosenLoss } from './choices.ts';
import { trainOptions } from './options.ts';
import type { TrainOptions } from './options.ts';
import { VERSION } from './version.ts';

/** A network of a command and the run that it has already, if any. */
export interface PlannedRun {
  readonly model: EcoderModel;
  readonly loss: ChosenLoss;
  /** Data, and what the loss was made from. */
  readonly inputs: readonly InputFile[];
  readonly path: string;
  /** The run to resume; null for a new one. */
  readonly earlier: RunDirectory | null;
  /** Whether nothing is left to do. */
  readonly isFinished: boolean;
}

/**
 * Checks where the results of all networks go before any work is done. Earlier results stay as they are.
 * @param data the files of the data set
 * @throws UserError when a folder is taken or cannot be written, when a run to resume began with other files, or as
 * `lossOf`
 */
export async function planRuns(
  models: readonly EcoderModel[],
  options: TrainOptions,
  data: readonly InputFile[],
): Promise<PlannedRun[]> {
  const runs: PlannedRun[] = [];
  for (const model of models) {
    const loss = await lossOf(options, model);
    const inputs = [...data, ...(await describeInputs(loss.files))];
    const path = join(options.output, model.name);
    const isThere = options.resume !== undefined && existsSync(join(path, 'run.json'));
    const earlier = isThere ? await openRunDirectory(path) : null;
    if (earlier === null) await requireFree(path, options.force);
    else requireSameInputs(earlier.record.inputs, inputs);
    const isDone = earlier !== null && isFinished(earlier.record, options);
    runs.push({ model, loss, inputs, path, earlier, isFinished: isDone });
  }
  await requireWritable(options.output);
  return runs;
}

/** Saves the options of the whole command; resuming a single network leaves those of the others alone. */
export async function saveCommand(options: TrainOptions): Promise<void> {
  const { resume, output } = options;
  if (resume !== undefined && resolve(resume) !== resolve(output)) return;
  await saveConfig(output, configOf(options));
}

/** The run directory of a network: a new one, or the earlier one with the options that count from now on. */
export async function openRun(
  { model, inputs, path, earlier }: PlannedRun,
  options: TrainOptions,
): Promise<RunDirectory> {
  const config = configOf({ ...options, models: [model.name] });
  if (earlier !== null) {
    await saveConfig(path, config);
    return earlier;
  }
  const versions = { 'ecoder-trainer': VERSION, ...engineVersions };
  const { seed, force } = options;
  return createRunDirectory(path, { config, seed, versions, inputs }, { force });
}

/** The options that repeat a command when `--config` reads them; replacing results must be asked for anew. */
function configOf(options: TrainOptions): string {
  return trainOptions.toYaml({ ...options, resume: undefined, force: false });
}

/** Writes the summary of all finished runs in the folder, those of `first` in front. */
export async function summarise(folder: string, first: readonly string[]): Promise<void> {
  const others = (await readdir(folder)).filter((name) => !first.includes(name)).sort();
  const entries = await Promise.all([...first, ...others].map((name) => scoresOf(join(folder, name))));
  const finished = entries.filter((entry) => entry !== null);
  try {
    await writeSummary(folder, summaryTable(finished, ['EMD']));
  } catch (error) {
    throw storageError(error, folder);
  }
}

/** Scores of the finished run at `path`; null when there is none. */
async function scoresOf(path: string): Promise<SummaryEntry | null> {
  try {
    const record = JSON.parse(await readFile(join(path, 'run.json'), 'utf8')) as RunRecord;
    const isAutoencoder = record.status === 'finished' && 'performance' in (record.scores as object);
    return isAutoencoder ? (record.scores as SummaryEntry) : null;
  } catch {
    return null;
  }
}
