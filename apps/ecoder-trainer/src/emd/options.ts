/** Options of `emd train` and `emd score`. */
import { emdNetworkLossNames, emdPairModes } from '@hep/emd-network';
import { defineOptions, option } from '@hep/options';
import {
  batchSizeOption,
  epochsOption,
  executionOptions,
  learningRateOption,
  outputOption,
  runOptions,
  seedOption,
  toyRowsOption,
} from '@hep/training-command';
import { z } from 'zod';
import { dataOptions } from '../data-options.ts';

const count = z.int().min(1);

/** Where pairs come from, for training and for scores alike. */
const pairOptions = {
  mode: option({
    schema: z.enum(emdPairModes).default('pair'),
    describe:
      'pairs to learn from: pair all pairs of modules, ae each module with what an autoencoder made of it, ' +
      'app both, threshold pairs of modules that are 0 to 4 apart',
    group: 'Pairs',
  }),
  decoded: option({
    schema: z.string().min(1).optional(),
    describe:
      'run directory of an autoencoder trained with --verify-rows -1, or a folder with its verify_*.csv; ' +
      'for the modes ae and app',
    group: 'Pairs',
  }),
  input: dataOptions.input,
  toyRows: {
    ...toyRowsOption(150, 'modules'),
    describe: 'toy modules, without input files; pairs grow with the square',
  },
  rowsPerFile: option({
    schema: count.default(1000),
    describe: 'most rows read from each file; pairs grow with the square',
    unit: 'rows',
    group: 'Data',
  }),
  header: dataOptions.header,
  columns: dataOptions.columns,
  double: dataOptions.double,
  maskPartials: dataOptions.maskPartials,
  maskEnergies: dataOptions.maskEnergies,
  split: option({
    schema: z.enum(['shuffled', 'first']).default('shuffled'),
    describe: 'modules to train on: drawn with the seed, or the first ones of the input',
    group: 'Pairs',
  }),
  cache: option({
    schema: z.string().min(1).optional(),
    describe:
      'folder that keeps exact distances for other commands; default: pairs in the output folder, if any',
    group: 'Pairs',
  }),
  seed: seedOption(
    'toy data and split; repetition r starts its weights and order of pairs from seed + r',
    'Pairs',
  ),
};

const networkOptions = {
  networks: option({
    schema: z.array(z.string()).min(1).default(['32-5-256-1-3']),
    describe: 'sizes as filters-kernel-neurons-dense-convolutions',
    group: 'Networks',
  }),
  losses: option({
    schema: z.array(z.enum(emdNetworkLossNames)).min(1).default(['mse']),
    describe: 'losses between estimated and exact distance; each network is trained with each',
    group: 'Networks',
  }),
  repetitions: option({
    schema: count.default(1),
    describe: 'trainings of each network with each loss',
    group: 'Networks',
  }),
};

const trainingOptions = {
  epochs: epochsOption(64),
  batchSize: batchSizeOption(32, 'pairs'),
  learningRate: { ...learningRateOption(1e-3), describe: 'learning rate of Adam' },
};

/** Options of `emd train`. */
export const emdTrainOptions = defineOptions({
  ...pairOptions,
  ...networkOptions,
  ...trainingOptions,
  ...executionOptions,
  output: outputOption('runs/emd', 'folder of the results; one run directory for each training'),
  ...runOptions,
});

/** Their values. */
export type EmdTrainOptions = ReturnType<typeof emdTrainOptions.parse>;

/** Options of `emd score`. */
export const emdScoreOptions = defineOptions({
  networks: option({
    schema: z.array(z.string()).min(1),
    describe: 'HDF5 files of EMD networks, published or our own',
    group: 'Networks',
  }),
  ...pairOptions,
  output: option({
    schema: z.string().min(1).optional(),
    describe: 'folder for summary.csv, summary.json and report.html; default: only the lines are printed',
    alias: 'o',
    group: 'Output',
  }),
});

/** Their values. */
export type EmdScoreOptions = ReturnType<typeof emdScoreOptions.parse>;

/** What `loadPairs` must know. */
export type EmdPairOptions = Pick<EmdTrainOptions, keyof typeof pairOptions>;
