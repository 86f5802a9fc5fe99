import { ecoderLossNames } from '@hep/ecoder-models';
import { defineOptions, option } from '@hep/options';
import {
  batchSizeOption,
  epochsOption,
  executionOptions,
  inputOption,
  learningRateOption,
  outputOption,
  patienceOption,
  restoreBestOption,
  runOptions,
  scheduleOptions,
  seedOption,
  seedSchema,
  toyRowsOption,
} from '@hep/training-command';
import { z } from 'zod';
import { learnedBitsOptions } from './learned-bits.ts';
import { fileOptions, networkNames, networkOptions } from './network-options.ts';

const fraction = z.number().gt(0).lt(1);
const count = z.int().min(1);

/** Where modules come from and how they are cut. */
export const dataOptions = {
  input: inputOption('CSV files, .csv.gz files or folders; without any a toy data set is generated'),
  toyRows: toyRowsOption(100_000, 'modules'),
  overrideInput: option({
    schema: z.boolean().default(false),
    describe: 'accept an input path that names another number of eLinks (nElinks_<n>)',
    group: 'Data',
  }),
  rowsPerFile: option({
    schema: count.default(500_000),
    describe: 'most rows read from each file',
    unit: 'rows',
    group: 'Data',
  }),
  header: option({
    schema: z.enum(['auto', 'present', 'none']).default('auto'),
    describe: 'whether files begin with column names; auto looks at the first field',
    group: 'Data',
  }),
  columns: option({
    schema: z.array(z.string()).default([]),
    describe:
      'places of columns in files of another layout, NAME=POSITION from 0 or NAME=HEADER: CALQ=1 where the charges ' +
      'begin, CALQ=ADC_ as their headers do, tc_eta=0',
    group: 'Data',
  }),
  double: option({
    schema: z.boolean().default(false),
    describe: 'add up pairs of rows, which emulates twice the pile-up',
    group: 'Data',
  }),
  maskPartials: option({
    schema: z.boolean().default(false),
    describe: 'keep full modules only (ModType FI, FM, FO)',
    group: 'Data',
  }),
  maskEnergies: option({
    schema: z.boolean().default(false),
    describe: 'keep modules with more than 5 % of the simulated energy of their event',
    group: 'Data',
  }),
  selectLayers: option({
    schema: z.boolean().default(false),
    describe: 'keep the layers that stand for the number of eLinks: 5: 5-11; 4: 7, 11; 3: 13; 2: < 7, > 13',
    group: 'Data',
  }),
  biased: option({
    schema: fraction.optional(),
    describe: 'mix signal and pile-up (SimEnergyTotal 0) so that this part is pile-up',
    group: 'Data',
  }),
  normalise: option({
    schema: z.enum(['power-of-two', 'maximum', 'sum']).default('power-of-two'),
    describe: 'what the charges of a module are divided by',
    group: 'Data',
  }),
  restore: option({
    schema: z.enum(['power-of-two', 'maximum', 'sum']).default('power-of-two'),
    describe: 'which scale of the input the decoded charges get back; sum conserves energy',
    group: 'Data',
  }),
  split: option({
    schema: z.enum(['shuffled', 'first']).default('shuffled'),
    describe: 'validation rows: a seeded random part, or the first rows of the input',
    group: 'Data',
  }),
  validationFraction: option({
    schema: fraction.default(0.2),
    describe: 'part of the rows held out for validation',
    group: 'Data',
  }),
};

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
