/** The trainings of one command and the folders that they have. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emdNetworkSizeText, parseEmdNetworkSize } from '@hep/emd-network';
import type { EmdNetworkLossName, EmdScore } from '@hep/emd-network';
import { engineVersions } from '@hep/engine';
import { storageError } from '@hep/files';
import type { EmdNetworkOptions } from '@hep/losses';
import { writeSummary } from '@hep/model-files';
import { UserError } from '@hep/options';
import { createRunDirectory, openRunDirectory, requireFree, requireSameInputs } from '@hep/training';
import type { InputFile, RunDirectory, RunRecord } from '@hep/training';
import { isFinished, requireWritable, saveConfig } from '@hep/training-command';
import { VERSION } from '../version.ts';
import { emdTrainOptions } from './options.ts';
import type { EmdTrainOptions } from './options.ts';

/** One training: a network with a loss, once. */
export interface EmdRun {
  /** Folder of the run, such as `32-5-256-1-3_mse_r0`. */
  readonly name: string;
  readonly size: Required<EmdNetworkOptions>;
  readonly loss: EmdNetworkLossName;
  readonly repetition: number;
  readonly seed: number;
  readonly path: string;
  /** The run to resume; null for a new one. */
  readonly earlier: RunDirectory | null;
  readonly isFinished: boolean;
}

/** What a finished run records of itself, and a row of the summary. */
export interface EmdRunScores {
  readonly name: string;
  readonly size: Required<EmdNetworkOptions>;
  readonly loss: EmdNetworkLossName;
  readonly repetition: number;
  readonly mode: EmdTrainOptions['mode'];
  readonly epochs: number;
  /** Weights of the epoch with the smallest validation loss, and of the last epoch. */
  readonly best: EmdScore;
  readonly last: EmdScore;
}

/**
 * All trainings of a command, networks first, then losses, then repetitions. Nothing is written.
 * @throws UserError for odd or repeated sizes, taken folders, and runs that began with other files
 */
export async function planEmdRuns(options: EmdTrainOptions, inputs: readonly InputFile[]): Promise<EmdRun[]> {
  const runs: EmdRun[] = [];
  for (const text of options.networks) {
    const size = parseEmdNetworkSize(text);
    for (const loss of options.losses) {
      for (let repetition = 0; repetition < options.repetitions; repetition++) {
        const name = `${emdNetworkSizeText(size)}_${loss}_r${repetition}`;
        if (runs.some((run) => run.name === name)) {
          throw new UserError(`${text} with ${loss} is asked for twice, expected it once`);
        }
        const seed = options.seed + repetition;
        const path = join(options.output, name);
        runs.push({ name, size, loss, repetition, seed, path, ...(await earlierRun(path, options, inputs)) });
      }
    }
  }
  await requireWritable(options.output);
  return runs;
}

async function earlierRun(path: string, options: EmdTrainOptions, inputs: readonly InputFile[]) {
  if (options.resume === undefined || !existsSync(join(path, 'run.json'))) {
    await requireFree(path, options.force);
    return { earlier: null, isFinished: false };
  }
  const earlier = await openRunDirectory(path);
  requireSameInputs(earlier.record.inputs, inputs);
  return { earlier, isFinished: isFinished(earlier.record, options) };
}

/** The options that repeat a command, in its folder. */
export async function saveEmdCommand(options: EmdTrainOptions): Promise<void> {
  await saveConfig(options.output, configOf(options));
}

/** The directory of a run: a new one, or the earlier one with the options that count from now on. */
export async function openEmdRun(
  { path, earlier, seed, size, loss }: EmdRun,
  options: EmdTrainOptions,
  inputs: readonly InputFile[],
): Promise<RunDirectory> {
  const config = configOf({ ...options, networks: [emdNetworkSizeText(size)], losses: [loss] });
  if (earlier !== null) {
    await saveConfig(path, config);
    return earlier;
  }
  const versions = { 'ecoder-trainer': VERSION, ...engineVersions };
  return createRunDirectory(path, { config, seed, versions, inputs }, { force: options.force });
}

function configOf(options: EmdTrainOptions): string {
  return emdTrainOptions.toYaml({ ...options, resume: undefined, force: false });
}

/** Writes `summary.csv` and `summary.json` of all finished runs in the folder. */
export async function summariseEmdRuns(folder: string): Promise<void> {
  const names = (await readdir(folder)).sort();
  const found = await Promise.all(names.map((name) => scoresAt(join(folder, name, 'run.json'))));
  const rows = found.flatMap((scores) => (scores === null ? [] : [summaryRow(scores)]));
  const columns = [
    ...['name', 'mode', 'filters', 'kernel', 'neurons', 'dense', 'conv', 'epochs', 'loss', 'repetition'],
    ...['mean', 'std', 'last_mean', 'last_std', 'pairs'],
  ];
  try {
    await writeSummary(folder, { columns, rows });
  } catch (error) {
    throw storageError(error, folder);
  }
}

function summaryRow({ name, mode, size, epochs, loss, repetition, best, last }: EmdRunScores) {
  const { filters, kernelSize, denseUnits, denseLayers, convolutions } = size;
  const network = [filters, kernelSize, denseUnits, denseLayers, convolutions];
  const scores = [best.mean, best.std, last.mean, last.std, best.pairs];
  return [name, mode, ...network, epochs, loss, repetition, ...scores];
}

/** Null where there is no finished run of an EMD network. */
async function scoresAt(path: string): Promise<EmdRunScores | null> {
  try {
    const { status, scores } = JSON.parse(await readFile(path, 'utf8')) as RunRecord;
    return status === 'finished' && 'size' in (scores as object) ? (scores as EmdRunScores) : null;
  } catch {
    return null;
  }
}
