/** Options that every program which trains has, so that they are named, checked and explained alike. */
import { option } from '@hep/options';
import { z } from 'zod';

const count = z.int().min(1);

/** Seed of a run: an integer from 0 to 2^31 - 1. */
export const seedSchema = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);

/** Check of a number of threads or replicas; far more than any machine has cores would only fill its memory. */
export const threadCount = z.int().min(0).max(512);

/** @param purpose what is drawn with the seed */
export const seedOption = (purpose: string, group?: string) =>
  option({
    schema: seedSchema.default(1),
    describe: `seed of ${purpose}`,
    ...(group === undefined ? {} : { group }),
  });

/** @param describe which files, and what happens without any */
export const inputOption = (describe: string) =>
  option({ schema: z.array(z.string()).default([]), describe, alias: 'i', group: 'Data' });

/** @param unit what a row of the data is, in the plural */
export const toyRowsOption = (rows: number, unit: string) =>
  option({ schema: count.default(rows), describe: `toy ${unit}, without input files`, unit, group: 'Data' });

/** Most epochs of a training. */
export const epochsOption = (epochs: number) =>
  option({ schema: count.default(epochs), describe: 'most epochs', unit: 'epochs', group: 'Training' });

/** @param unit what a row of the data is, in the plural */
export const batchSizeOption = (rows: number, unit: string) =>
  option({ schema: count.default(rows), describe: `${unit} per step`, unit, group: 'Training' });

/** The rate that `learningRateOf` starts from. */
export const learningRateOption = (rate: number) =>
  option({
    schema: z.number().positive().default(rate),
    describe: 'learning rate of the first step, or at the peak of one-cycle',
    group: 'Training',
  });

/** @param better what has to improve */
export const patienceOption = (epochs: number, better = 'validation loss') =>
  option({
    schema: z.int().min(0).default(epochs),
    describe: `epochs without a better ${better} after which training stops; 0: never`,
    unit: 'epochs',
    group: 'Training',
  });

/** @param better what makes an epoch the best */
export const restoreBestOption = (restores: boolean, better = 'validation loss') =>
  option({
    schema: z.boolean().default(restores),
    describe: `judge and export the epoch with the best ${better} instead of the last one`,
    group: 'Training',
  });

/** @param describe what is written there */
export const outputOption = (path: string, describe = 'run directory') =>
  option({ schema: z.string().min(1).default(path), describe, alias: 'o', group: 'Output' });

/** How long and how fast to train; a resumed run may go on otherwise. */
export const PACE_OPTIONS = [
  ...(['epochs', 'learningRate', 'patience', 'restoreBest'] as const),
  ...(['schedule', 'schedulePeriod', 'scheduleFactor', 'scheduleGrowth'] as const),
] as const;
