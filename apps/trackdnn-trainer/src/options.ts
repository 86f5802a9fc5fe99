import { defineOptions, option } from '@hep/options';
import { TRACK_FEATURES, TRACK_LEARNING_RATE } from '@hep/track-dnn';
import { TRUTH_BRANCH } from '@hep/track-samples';
import { executionOptions, runOptions, scheduleOptions, seedSchema } from '@hep/training-command';
import { z } from 'zod';

const count = z.int().min(1);
const fraction = z.number().gt(0).lt(1);

const featureSchema = z.strictObject({
  name: z
    .string()
    .min(1)
    .refine((name) => name !== TRUTH_BRANCH, 'a variable that tells nothing of the truth'),
  abs: z.boolean().default(false),
  log1p: z.boolean().default(false),
});

/** How files are read and split; `train` and `prepare` have the same. */
export const splitOptions = {
  features: option({
    schema: z
      .array(featureSchema)
      .min(1)
      .refine(
        (features) => new Set(features.map(({ name }) => name)).size === features.length,
        'each name once',
      )
      .default([...TRACK_FEATURES]),
    describe:
      'variables that the network reads, in this order, as a list in YAML: { name: trk_pt, abs: true, log1p: true }; ' +
      'default: the 29 of the reference',
    group: 'Data',
  }),
  tree: option({
    schema: z.string().optional(),
    describe: 'tree of ROOT files; default: the only one',
    group: 'Data',
  }),
  dropInvalid: option({
    schema: z.boolean().default(false),
    describe: 'leave out tracks with values that are missing or infinite, and of unknown iterations',
    group: 'Data',
  }),
  validationFraction: option({
    schema: fraction.default(0.1),
    describe: 'part of the events that validates after each epoch',
    group: 'Data',
  }),
  testFraction: option({
    schema: fraction.default(0.1),
    describe: 'part of the events that the report is made of',
    group: 'Data',
  }),
  splitSeed: option({
    schema: seedSchema.default(1),
    describe: 'seed of the split into training, validation and test events, and of toy tracks',
    group: 'Data',
  }),
};

const dataOptions = {
  input: option({
    schema: z.array(z.string()).default([]),
    describe: 'files of tracks (ROOT, Parquet, csv, npz) or patterns; without any toy tracks are generated',
    alias: 'i',
    group: 'Data',
  }),
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
  validationTracks: option({
    schema: count.default(500_000),
    describe: 'most validation tracks of --shards; they are held in memory',
    unit: 'tracks',
    group: 'Data',
  }),
  testTracks: option({
    schema: count.default(500_000),
    describe: 'most test tracks of --shards; they are held in memory',
    unit: 'tracks',
    group: 'Data',
  }),
  toyTracks: option({
    schema: count.default(200_000),
    describe: 'toy tracks',
    unit: 'tracks',
    group: 'Data',
  }),
  ...splitOptions,
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
  epochs: option({ schema: count.default(20), describe: 'most epochs', unit: 'epochs', group: 'Training' }),
  batchSize: option({
    schema: count.default(2048),
    describe: 'tracks per step',
    unit: 'tracks',
    group: 'Training',
  }),
  learningRate: option({
    schema: z.number().positive().default(TRACK_LEARNING_RATE),
    describe: 'learning rate of the first step, or at the peak of one-cycle',
    group: 'Training',
  }),
  ...scheduleOptions,
  patience: option({
    schema: z.int().min(0).default(0),
    describe: 'epochs without a better validation loss after which training stops; 0: never',
    unit: 'epochs',
    group: 'Training',
  }),
  restoreBest: option({
    schema: z.boolean().default(false),
    describe: 'export and judge the epoch with the best validation loss instead of the last one',
    group: 'Training',
  }),
  seed: option({
    schema: seedSchema.default(1),
    describe: 'seed of weights, balancing and order of the tracks',
    group: 'Training',
  }),
};

const outputOptions = {
  output: option({
    schema: z.string().min(1).default('runs/tracks'),
    describe: 'run directory',
    alias: 'o',
    group: 'Output',
  }),
  ...runOptions,
};

export const trainDeclarations = {
  ...dataOptions,
  ...networkOptions,
  ...trainingOptions,
  ...executionOptions,
  ...outputOptions,
};

export const trainOptions = defineOptions(trainDeclarations);

export type TrainOptions = ReturnType<typeof trainOptions.parse>;
