import { ecoderLossNames } from '@hep/ecoder-models';
import { defineOptions, option } from '@hep/options';
import {
  batchSizeOption,
  epochsOption,
  executionOptions,
  learningRateOption,
  outputOption,
  patienceOption,
  restoreBestOption,
  runOptions,
  scheduleOptions,
  seedOption,
  seedSchema,
} from '@hep/training-command';
import { z } from 'zod';
import { dataOptions } from './data-options.ts';
import { learnedBitsOptions } from './learned-bits.ts';
import { fileOptions, networkNames, networkOptions } from './network-options.ts';

const modelOptions = {
  models: option({
    schema: z.array(z.string()).min(1).default(['8x8_c8_S2_tele']),
    describe: `networks to train: ${networkNames}`,
    group: 'Networks',
  }),
  ...networkOptions,
  loss: option({
    schema: z.enum(['default', ...ecoderLossNames]).default('default'),
    describe: 'loss of all networks; default is the one of each network',
    group: 'Networks',
  }),
  emdNetwork: option({
    schema: z.string().min(1).optional(),
    describe: 'HDF5 file of a trained EMD network, for --loss emd and the networks designed with it',
    group: 'Networks',
  }),
  normaliseEmdInputs: option({
    schema: z.boolean().default(true),
    describe:
      'compare patterns divided by their sums, as the EMD network was trained; the reference does not',
    group: 'Networks',
  }),
  telescopeWeights: option({
    schema: z.enum(['reference', 'derived']).default('reference'),
    describe: 'weights of the 36 super cells: as in the reference code, or from the documented rule',
    group: 'Networks',
  }),
  referenceCompat: option({
    schema: z.boolean().default(false),
    describe:
      'leave the encoder of cae as it starts, as the reference does, whose truncation has no gradient',
    group: 'Networks',
  }),
};

/** Declarations of the options that say how to train. */
export const trainingOptions = {
  epochs: epochsOption(30),
  batchSize: batchSizeOption(500, 'modules'),
  optimiser: option({
    schema: z.enum(['adam', 'adamw', 'nadam', 'rmsprop', 'sgd', 'lion']).default('adam'),
    describe: 'optimiser',
    group: 'Training',
  }),
  weightDecay: option({
    schema: z.number().min(0).optional(),
    describe: 'decoupled weight decay, a part of the learning rate (default 0.004 for adamw, else 0)',
    group: 'Training',
  }),
  orthogonality: option({
    schema: z.number().min(0).default(0),
    describe: 'factor of a penalty on kernels that are not orthogonal',
    group: 'Training',
  }),
  learningRate: learningRateOption(1e-3),
  ...scheduleOptions,
  weight: option({
    schema: z.enum(['none', 'sum2', 'eta', 'occ']).default('none'),
    describe:
      'training weight of a module: squared charge sum, |eta|, or inverse frequency of occupancy and maximum',
    group: 'Training',
  }),
  patience: patienceOption(30),
  restoreBest: restoreBestOption(false),
  reduceOnPlateau: option({
    schema: z.int().min(0).default(0),
    describe:
      'epochs without a better validation loss after which the learning rate falls to a tenth; 0: never',
    unit: 'epochs',
    group: 'Training',
  }),
  seed: seedOption('toy data, split, weights and order of rows', 'Training'),
  seeds: option({
    schema: z.array(seedSchema).default([]),
    describe: 'train once with each seed on the same data: how many, from --seed on, or a list of them',
    group: 'Training',
  }),
  dataSeed: option({
    schema: seedSchema.optional(),
    describe: 'seed of toy data, split and mix of signal and pile-up alone (default: --seed)',
    group: 'Training',
  }),
};

/** Where results go. */
export const outputOptions = {
  output: outputOption('runs/ecoder', 'folder of the results; one run directory for each network'),
  ...runOptions,
  verifyRows: option({
    schema: z.int().default(1),
    describe: 'validation rows in the verify_*.csv files for RTL tests; negative: all',
    unit: 'rows',
    group: 'Output',
  }),
  full: option({
    schema: z.boolean().default(false),
    describe:
      'give summary.csv and summary.json dMean, dRMS, zero_frac and SSD, too; reports always have them',
    group: 'Output',
  }),
  ...fileOptions,
};

/** Declarations of all options of `train`. */
export const trainDeclarations = {
  ...dataOptions,
  ...modelOptions,
  ...trainingOptions,
  ...learnedBitsOptions,
  ...executionOptions,
  ...outputOptions,
};

/** Options of `train` and `resume`. */
export const trainOptions = defineOptions(trainDeclarations);

/** Their values. */
export type TrainOptions = ReturnType<typeof trainOptions.parse>;
