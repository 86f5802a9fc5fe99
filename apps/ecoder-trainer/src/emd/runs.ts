/** The trainings of one command and the folders that they have. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emdNetworkSizeText, parseEmdNetworkSize } from '@hep/emd-network';
import type { EmdNetworkLossName, EmdScore } from '@hep/emd-network';
import { storageError } from '@hep/files';
import type { EmdNetworkOptions } from '@hep/losses';
import { writeSummary } from '@hep/model-files';
import { UserError } from '@hep/options';
import type { InputFile, RunDirectory, RunRecord } from '@hep/training';
import { configOf, openRun, planRun, requireWritable, saveConfig } from '@hep/training-command';
import type { PlannedRun } from '@hep/training-command';
import { VERSION } from '../version.ts';
import { emdTrainOptions } from './options.ts';
import type { EmdTrainOptions } from './options.ts';

/** One training: a network with a loss, once. */
export interface EmdRun extends PlannedRun {
  /** Folder of the run, such as `32-5-256-1-3_mse_r0`. */
  readonly name: string;
  readonly size: Required<EmdNetworkOptions>;
  readonly loss: EmdNetworkLossName;
  readonly repetition: number;
  readonly seed: number;
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
        runs.push({ name, size, loss, repetition, seed, ...(await planRun(path, options, inputs)) });
      }
    }
  }
  await requireWritable(options.output);
  return runs;
}

/** The options that repeat a command, in its folder. */
export async function saveEmdCommand(options: EmdTrainOptions): Promise<void> {
  await saveConfig(options.output, configOf(emdTrainOptions, options));
}

/** The directory of a run: a new one, or the earlier one with the options that count from now on. */
export async function openEmdRun(
  { seed, size, loss, ...plan }: EmdRun,
  options: EmdTrainOptions,
): Promise<RunDirectory> {
  const own = { ...options, networks: [emdNetworkSizeText(size)], losses: [loss] };
  return openRun(plan, {
    config: configOf(emdTrainOptions, own),
    seed,
    versions: { 'ecoder-trainer': VERSION },
    force: options.force,
  });
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
