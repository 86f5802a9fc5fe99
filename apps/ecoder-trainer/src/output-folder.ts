/**
 * The folder of a command's results:
 *
 *     config.yaml   summary.csv   summary.json   one run directory for each network
 */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { EcoderModel } from '@hep/ecoder-models';
import { summaryTable, writeSummary } from '@hep/model-files';
import type { SummaryEntry } from '@hep/model-files';
import { storageError } from '@hep/files';
import { describeInputs, readRunRecord } from '@hep/training';
import type { InputFile, RunDirectory } from '@hep/training';
import { configOf, openRun, planRun, requireWritable, saveConfig } from '@hep/training-command';
import type { PlannedRun } from '@hep/training-command';
import { lossOf } from './choices.ts';
import type { ChosenLoss } from './choices.ts';
import type { MetricName } from './metrics.ts';
import { trainOptions } from './options.ts';
import type { TrainOptions } from './options.ts';
import { finishedNetwork } from './summary-entry.ts';
import { VERSION } from './version.ts';

/** A network of a command and where it goes. */
export interface PlannedNetwork extends PlannedRun {
  readonly model: EcoderModel;
  readonly loss: ChosenLoss;
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
): Promise<PlannedNetwork[]> {
  const runs: PlannedNetwork[] = [];
  for (const model of models) {
    const loss = await lossOf(options, model);
    const inputs = [...data, ...(await describeInputs(loss.files))];
    const path = join(options.output, model.name);
    runs.push({ model, loss, ...(await planRun(path, options, inputs)) });
  }
  await requireWritable(options.output);
  return runs;
}

/** Saves the options of the whole command; resuming a single network leaves those of the others alone. */
export async function saveCommand(options: TrainOptions): Promise<void> {
  const { resume, output } = options;
  if (resume !== undefined && resolve(resume) !== resolve(output)) return;
  await saveConfig(output, configOf(trainOptions, options));
}

/** The run directory of a network: a new one, or the earlier one with the options that count from now on. */
export async function openNetworkRun(
  { model, ...plan }: PlannedNetwork,
  options: TrainOptions,
): Promise<RunDirectory> {
  return openRun(plan, {
    config: configOf(trainOptions, { ...options, models: [model.name] }),
    seed: options.seed,
    versions: { 'ecoder-trainer': VERSION },
    force: options.force,
  });
}

/**
 * Writes the summary of all finished runs in the folder, those of `first` in front. Runs of before a metric was recorded
 * have NaN there.
 */
export async function summarise(
  folder: string,
  first: readonly string[],
  metrics: readonly MetricName[],
): Promise<void> {
  const others = (await readdir(folder)).filter((name) => !first.includes(name)).sort();
  const entries = await Promise.all([...first, ...others].map((name) => scoresOf(join(folder, name))));
  const finished = entries.filter((entry) => entry !== null);
  try {
    await writeSummary(folder, summaryTable(finished, metrics));
  } catch (error) {
    throw storageError(error, folder);
  }
}

/** Scores of the finished run of an autoencoder at `path`; null when there is none. */
async function scoresOf(path: string): Promise<SummaryEntry | null> {
  if (!existsSync(join(path, 'run.json'))) return null;
  const { status, scores } = await readRunRecord(path, 'of a network');
  const isAutoencoder = status === 'finished' && 'performance' in Object(scores);
  return isAutoencoder ? (await finishedNetwork(path)).entry : null;
}
