import { jetLayouts, variableSets } from '@hep/jet-compression';
import type { VariableSetName } from '@hep/jet-compression';
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
  threadCount,
  toyRowsOption,
} from '@hep/training-command';
import { z } from 'zod';

const count = z.int().min(1);

/** For commands that run a network without training it. */
export const threadsOption = option({
  schema: threadCount.default(0),
  describe: 'threads of the network; 0: all cores',
});

/** How files of jets are read. */
export const fileOptions = {
  tree: option({
    schema: z.string().optional(),
    describe: 'tree of ROOT files; default: the only one',
    group: 'Data',
  }),
  collection: option({
    schema: z.string().optional(),
    describe: 'container of the jets, what stands before the dot of a branch; default: the only one',
    group: 'Data',
  }),
  leading: option({
    schema: z.boolean().default(false),
    describe: 'read the first jet of each event alone',
    group: 'Data',
  }),
  dropInvalid: option({
    schema: z.boolean().default(false),
    describe: 'leave out jets with values that are missing, infinite or not positive where they must be',
    group: 'Data',
  }),
};

/** Which jets take part, and which of them test. */
export const selectionOptions = {
  ...fileOptions,
  minimumMass: option({
    schema: z.number().default(0.08),
    describe: 'jets of this mass or less are left out',
    unit: 'MeV',
    group: 'Data',
  }),
  qualityCuts: option({
    schema: z.boolean().default(true),
    describe: 'apply those cuts of the 27-variable studies whose variables are there',
    group: 'Data',
  }),
  testFraction: option({
    schema: z.number().gt(0).lt(1).default(0.2),
    describe: 'part of the jets held out to the end; the split is that of scikit-learn',
    group: 'Data',
  }),
  splitSeed: option({
    schema: seedSchema.default(41),
    describe: 'seed of the split and of toy jets',
    group: 'Data',
  }),
};

const dataOptions = {
  input: inputOption(
    'files of jets (csv, ROOT, Parquet, pickle) or patterns; without any toy jets are generated',
  ),
  toyRows: toyRowsOption(30_000, 'jets'),
  variables: option({
    schema: z.enum(Object.keys(variableSets) as [VariableSetName, ...VariableSetName[]]).default('4d'),
    describe:
      '4d: m, pt, phi, eta; log: pT, eta, phi, E; 27d: those of HLT jets; 25d: without the discrete ones; 19d: without repeated ones, too',
    group: 'Data',
  }),
  ...selectionOptions,
  validationFraction: option({
    schema: z.number().gt(0).lt(1).default(0.1),
    describe: 'part of the other jets that does not train but watches: val_loss, and when to stop',
    group: 'Data',
  }),
};

const networkOptions = {
  network: option({
    schema: z.string().default('AE_3D_200'),
    describe: `layout of the layers: ${Object.keys(jetLayouts).join(', ')}`,
    group: 'Network',
  }),
  latent: option({
    schema: count.optional(),
    describe: 'latent variables, if others than the layout has',
    group: 'Network',
  }),
  hiddenUnits: option({
    schema: z.array(count).optional(),
    describe:
      'units of the hidden layers of the encoder, mirrored in the decoder, if others than the layout has',
    group: 'Network',
  }),
  lastBias: option({
    schema: z.boolean().default(true),
    describe: 'bias of the last layer; those with _no_last_bias have none',
    group: 'Network',
  }),
  model: option({
    schema: z.enum(['ae', 'vae']).default('ae'),
    describe: 'autoencoder, or variational autoencoder',
    group: 'Network',
  }),
  beta: option({
    schema: z.number().min(0).default(1e-4),
    describe: 'weight of the Kullback-Leibler divergence of vae',
    group: 'Network',
  }),
  normalisation: option({
    schema: z.enum(['standardised', 'custom', 'standard', 'unit']).default('standardised'),
    describe:
      'custom: logarithms and scales of the study; standardised: those with mean 0 and deviation 1; unit: those from 0 to 1; standard: plain variables with mean 0 and deviation 1',
    group: 'Network',
  }),
  dropout: option({
    schema: z.number().min(0).lt(1).default(0),
    describe: 'probability that a unit is dropped, in layouts with _bn_drop',
    group: 'Network',
  }),
  initialGain: option({
    schema: z.number().positive().default(2.5),
    describe: 'first weights in units of those of PyTorch',
    group: 'Network',
  }),
};

const trainingOptions = {
  loss: option({
    schema: z.enum(['mse', 'rmse', 'smooth-l1', 'bce']).default('mse'),
    describe:
      'of the errors in the units of the study’s normalisation; rmse is the root of a jet’s mse; bce: binary cross-entropy, with --normalisation unit and a sigmoid at the end',
    group: 'Training',
  }),
  copies: option({
    schema: z.int().min(0).default(0),
    describe: 'further copies of each training jet, turned in phi and mirrored in eta at random',
    group: 'Training',
  }),
  jitter: option({
    schema: z.number().min(0).default(0.02),
    describe:
      'standard deviation by which variables of copies are moved, in units of the study’s normalisation',
    group: 'Training',
  }),
  epochs: epochsOption(30),
  batchSize: batchSizeOption(64, 'jets'),
  learningRate: learningRateOption(2e-3),
  optimiser: option({
    schema: z.enum(['adam', 'soap']).default('adam'),
    describe:
      'adam, or soap: Adam in the eigenvectors of the gradients, which needs several times fewer steps',
    group: 'Training',
  }),
  ...scheduleOptions,
  schedule: option({
    ...scheduleOptions.schedule,
    schema: scheduleOptions.schedule.schema.default('one-cycle'),
  }),
  weightDecay: option({
    schema: z.number().min(0).default(0),
    describe: 'decoupled weight decay, a part of the learning rate; not of BatchNormalization',
    group: 'Training',
  }),
  patience: patienceOption(0, 'loss of the validation jets'),
  restoreBest: restoreBestOption(false, 'loss of the validation jets'),
  seed: seedOption('weights, copies and order of the jets', 'Training'),
};

const outputOptions = {
  output: outputOption('runs/jets'),
  ...runOptions,
};

/** Options of `train` and `resume`. */
export const trainOptions = defineOptions({
  ...dataOptions,
  ...networkOptions,
  ...trainingOptions,
  ...executionOptions,
  ...outputOptions,
});

/** Their values. */
export type TrainOptions = ReturnType<typeof trainOptions.parse>;
