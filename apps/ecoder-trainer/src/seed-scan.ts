/**
 * One command with several seeds of weights and order of rows, on the same data:
 *
 *     config.yaml   performance_records.csv   seed-1/   seed-2/   ...   each as the output folder of train
 */
import { join } from 'node:path';
import { atomicWrite } from '@hep/files';
import { UserError } from '@hep/options';
import type { CliOutput } from '@hep/options';
import { readHistory } from '@hep/training';
import { networksOf } from './network-options.ts';
import type { TrainOptions } from './options.ts';
import { planRuns, saveCommand } from './output-folder.ts';
import { dataSeedOf } from './samples.ts';
import { finishedNetwork } from './summary-entry.ts';

/** Epochs whose mean validation loss decides: the smallest of all epochs would reward noise. */
const LAST_EPOCHS = 5;
const MOST_SEEDS = 1000;

/** What a network reached with a seed. */
export interface SeedRecord {
  readonly model: string;
  readonly seed: number;
  readonly epochs: number;
  /** After the last epoch. */
  readonly lastLoss: number;
  /** Mean of the last five epochs. */
  readonly smoothedLoss: number;
  readonly emd: { readonly mean: number; readonly std: number };
}

/** The seeds that were asked for: one number counts seeds from `seed` on, several are the seeds. */
export function seedsOf({ seeds, seed }: Pick<TrainOptions, 'seeds' | 'seed'>): number[] {
  const twice = seeds.find((value, index) => seeds.indexOf(value) < index);
  if (twice !== undefined) throw new UserError(`option --seeds: ${twice} is given twice, expected it once`);
  if (seeds.length !== 1) return [...seeds];
  const [count] = seeds;
  if (count < 1 || count > MOST_SEEDS) {
    throw new UserError(
      `option --seeds: got ${count}, expected a number of seeds from 1 to ${MOST_SEEDS}, or a list`,
    );
  }
  return Array.from({ length: count }, (_, index) => seed + index);
}

/**
 * Trains with every seed and writes `performance_records.csv`. Where results of a seed are there already, nothing is
 * trained at all.
 * @param train the command for one seed; its exit code
 */
export async function scanSeeds(
  options: TrainOptions,
  output: CliOutput,
  train: (options: TrainOptions, output: CliOutput) => Promise<number>,
): Promise<number> {
  const seeds = seedsOf(options);
  const networks = networksOf(options.models, options);
  const models = networks.map(({ name }) => name);
  const folderOf = (seed: number) => join(options.output, `seed-${seed}`);
  if (options.resume === undefined) {
    for (const seed of seeds) await planRuns(networks, optionsOf(options, seed, folderOf(seed)), []);
  }
  await saveCommand(options);
  for (const [index, seed] of seeds.entries()) {
    output.out(`seed ${seed} (${index + 1} of ${seeds.length})`);
    const code = await train(optionsOf(options, seed, folderOf(seed)), output);
    if (code !== 0) return code;
  }
  const records = await Promise.all(
    models.flatMap((model) => seeds.map((seed) => recordOf(join(folderOf(seed), model), model, seed))),
  );
  await atomicWrite(join(options.output, 'performance_records.csv'), recordsCsv(records));
  for (const model of models) {
    const { seed, smoothedLoss } = bestOf(records, model);
    output.out(
      `${model}: the best of ${seeds.length} seeds is ${seed}, ` +
        `validation loss ${smoothedLoss.toPrecision(4)} over its last epochs; ${join(folderOf(seed), model)}`,
    );
  }
  return 0;
}

/** The command of one seed: a whole one, that can be resumed by itself. */
function optionsOf(options: TrainOptions, seed: number, output: string): TrainOptions {
  const resume = options.resume === undefined ? undefined : output;
  return { ...options, seeds: [], seed, dataSeed: dataSeedOf(options), output, resume };
}

async function recordOf(path: string, model: string, seed: number): Promise<SeedRecord> {
  const history = await readHistory(join(path, 'history.csv'));
  const { entry } = await finishedNetwork(path);
  const losses = history.map(({ values }) => values['val_loss']);
  return {
    model,
    seed,
    epochs: history.length,
    lastLoss: losses.at(-1) ?? NaN,
    smoothedLoss: smoothed(losses),
    emd: entry.performance['ae']['EMD'],
  };
}

/** Mean of the last epochs. */
export function smoothed(losses: readonly number[]): number {
  const last = losses.slice(-LAST_EPOCHS);
  return last.reduce((sum, loss) => sum + loss, 0) / last.length;
}

function bestOf(records: readonly SeedRecord[], model: string): SeedRecord {
  const own = records.filter((record) => record.model === model);
  return own.reduce((best, record) => (record.smoothedLoss < best.smoothedLoss ? record : best));
}

function recordsCsv(records: readonly SeedRecord[]): string {
  const header = 'model,seed,epochs,val_loss,val_loss_last_5,EMD,EMD_err,best';
  const lines = records.map((record) => {
    const { model, seed, epochs, lastLoss, smoothedLoss, emd } = record;
    const isBest = bestOf(records, model) === record;
    return [`"${model}"`, seed, epochs, lastLoss, smoothedLoss, emd.mean, emd.std, Number(isBest)].join(',');
  });
  return [header, ...lines, ''].join('\n');
}
