import { batchOptions } from '@hep/batch-jobs';
import { defineOptions, option, without } from '@hep/options';
import { executionOptions, outputOption, seedOption, seedSchema, threadCount } from '@hep/training-command';
import { z } from 'zod';
import { trainDeclarations } from '../options.ts';

const group = 'Search';
const minutes = z.number().positive().max(30_000);

/** Options of a training that the search decides, or that would change from round to round. */
const DECIDED = ['epochs', 'monitor', 'patience', 'restoreBest', 'output', 'replicas', 'threads'] as const;

/** Options of `tune`. */
export const tuneOptions = defineOptions({
  space: option({
    schema: z.string().min(1).optional(),
    describe:
      'YAML file of what may be chosen; without it layers, units, activation and iteration as in the reference',
    group,
  }),
  objective: option({
    schema: z.enum(['val_loss', 'val_auc']).default('val_loss'),
    describe: 'what is judged, the best of all epochs of a trial',
    group,
  }),
  maxEpochs: option({
    schema: z.int().min(1).max(100_000).default(10),
    describe: 'most epochs of a trial',
    unit: 'epochs',
    group,
  }),
  factor: option({
    schema: z.int().min(2).default(3),
    describe: 'one trial of so many goes on after a round, up to so many times the epochs',
    group,
  }),
  searchSeed: {
    ...seedOption('the choices; --seed is that of every trial', group),
    schema: seedSchema.default(3),
  },
  parallel: option({
    schema: z.int().min(0).default(0),
    describe:
      'trials at a time, each in a process that holds the tracks; 0: one for each of --gpus, or each core',
    group,
  }),
  gpus: option({
    schema: z.array(z.int().min(0)).default([]),
    describe: 'GPUs of this machine, one for each of the trials that run at a time; needs --device cuda',
    group,
  }),
  trialTimeout: option({
    schema: minutes.default(30),
    describe: 'time without a line of output after which a trial counts as failed',
    unit: 'minutes',
    group,
  }),
  trialMinutes: option({
    schema: minutes.optional(),
    describe: 'longest time of a round of a trial, after which it counts as failed; left away: no limit',
    unit: 'minutes',
    group,
  }),
  ...batchOptions,
  ...without(trainDeclarations, DECIDED),
  replicas: option({
    ...executionOptions.replicas,
    schema: threadCount.min(1).default(1),
    describe: 'copies of the network within a trial that share a batch',
  }),
  threads: option({
    ...executionOptions.threads,
    schema: threadCount.min(1).default(1),
    describe: 'threads inside of a replica',
  }),
  output: outputOption('runs/tune', 'folder of the search'),
});

/** Their values. */
export type TuneOptions = ReturnType<typeof tuneOptions.parse>;
