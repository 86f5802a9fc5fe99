import { defineOptions, option } from '@hep/options';
import { TRACK_LEARNING_RATE } from '@hep/track-dnn';
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
  toyRowsOption,
} from '@hep/training-command';
import { z } from 'zod';
import { sampleOptions } from './sample-options.ts';
import { splitOptions } from './split-options.ts';

const count = z.int().min(1);

const dataOptions = {
  input: inputOption(
    'files of tracks (ROOT, Parquet, csv, npz) or patterns, NAME=PATTERN for those of a sample; without any toy tracks are ' +
      'generated',
  ),
  shards: option({
    schema: z.string().min(1).optional(),
    describe: 'folder of prepared tracks, read while training; their split counts, not that of these options',
    group: 'Data',
  }),
  windowTracks: option({
    schema: count.default(2 ** 19),
    describe: 'tracks of --shards that are shuffled together; two such windows are in memory',
    unit: 'tracks',
    group: 'Data',
  }),
  windowThreads: option({
    schema: count.max(64).default(2),
    describe:
      'threads that read tracks of --shards; each holds a shard in memory, the order of the tracks is the same',
    unit: 'threads',
    group: 'Data',
  }),
  validationTracks: option({
    schema: count.default(500_000),
    describe: 'most validation tracks of --shards; they are held in memory',
    unit: 'tracks',
    group: 'Data',
  }),
  testTracks: option({
    schema: count.default(500_000),
    describe: 'most test tracks of each sample of --shards; they are held in memory',
    unit: 'tracks',
    group: 'Data',
  }),
  toyRows: toyRowsOption(200_000, 'tracks'),
  ...splitOptions,
  ...sampleOptions,
  balanceIterations: option({
    schema: z.boolean().default(true),
    describe: 'train and validate with as many tracks of every iteration, that of the rarest one',
    group: 'Data',
  }),
  absentIterations: option({
    schema: z.enum(['error', 'ignore']).default('error'),
    describe: 'what to do about iterations without a track',
    group: 'Data',
  }),
  balanceClasses: option({
    schema: z.boolean().default(false),
    describe: 'repeat training tracks of the rarer class until there are as many true ones as fakes',
    group: 'Data',
  }),
};

const networkOptions = {
  hiddenUnits: option({
    schema: z.array(count).min(1).default([256, 128, 64, 32, 32]),
    describe: 'units of the hidden layers',
    group: 'Network',
  }),
  activation: option({
    schema: z.enum(['relu', 'swish']).default('relu'),
    describe: 'activation of the hidden layers',
    group: 'Network',
  }),
  oneHotIteration: option({
    schema: z.boolean().default(true),
    describe: 'encode the iteration as a one-hot vector; otherwise its code is one more number',
    group: 'Network',
  }),
  startFrom: option({
    schema: z.string().min(1).optional(),
    describe:
      'run of the same network: begin with its weights and with the ranges that its variables have; otherwise anew',
    group: 'Network',
  }),
  outputBias: option({
    schema: z.number().default(0.5),
    describe: 'start of the last bias; the reference has 0.5, balanced classes would want 0',
    group: 'Network',
  }),
};

const trainingOptions = {
  ptWeights: option({
    schema: z.boolean().default(true),
    describe: 'weigh training tracks by log(1 + pT), pT cut to 0 to 50 GeV',
    group: 'Training',
  }),
  epochs: epochsOption(20),
  batchSize: batchSizeOption(2048, 'tracks'),
  learningRate: learningRateOption(TRACK_LEARNING_RATE),
  ...scheduleOptions,
  monitor: option({
    schema: z.enum(['val_loss', 'val_auc']).default('val_loss'),
    describe: 'what makes an epoch the best, for patience and restore-best',
    group: 'Training',
  }),
  patience: patienceOption(0, 'value of --monitor'),
  restoreBest: restoreBestOption(false, 'value of --monitor'),
  seed: seedOption('weights, balancing and order of the tracks', 'Training'),
};

/** Which trained network. */
export const trainedRunOptions = {
  run: option({ schema: z.string().min(1), describe: 'run directory, as train writes it' }),
  checkpoint: option({
    schema: z.string().min(1).optional(),
    describe: 'checkpoint of the run; default: what the run ended with',
  }),
};

/** How scores are judged; `train` and `evaluate` have the same. */
export const judgingOptions = {
  treeCut: option({
    schema: z.number().min(-1).max(1).default(0),
    describe: 'cut on trk_mva, -1 to 1, at which network and decision trees are compared',
    group: 'Output',
  }),
};

const outputOptions = {
  ...judgingOptions,
  output: outputOption('runs/tracks'),
  ...runOptions,
};

/** Declarations of the options of `train`. */
export const trainDeclarations = {
  ...dataOptions,
  ...networkOptions,
  ...trainingOptions,
  ...executionOptions,
  ...outputOptions,
};

/** Options of `train` and `resume`. */
export const trainOptions = defineOptions(trainDeclarations);

/** Their values. */
export type TrainOptions = ReturnType<typeof trainOptions.parse>;
