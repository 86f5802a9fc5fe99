/** Options of `train`; the names of flags and YAML keys are those of the reference where it has them. */
import { DEFAULT_CACHE } from '@hep/calratio-jets';
import { CALRATIO_LEARNING_RATE, defaultCalRatioConfig } from '@hep/calratio-rnn';
import { defineOptions, option } from '@hep/options';
import {
  executionOptions,
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

const count = z.int().min(1);
const units = z.int().min(0);
const filters = z.array(count).min(1);
const { filters: usualFilters, lstmUnits: usualUnits, ...usual } = defaultCalRatioConfig;

const dataOptions = {
  mainTrainingFile: option({
    schema: z.array(z.string()).default([]),
    describe:
      'files of the main sample: .root, .pkl, .parquet, .csv or .npz, by path, pattern or address; toy jets without any',
    group: 'Data',
  }),
  crTrainingFile: option({
    schema: z.array(z.string()).default([]),
    describe: 'files of the control region, simulation and data',
    group: 'Data',
  }),
  cache: option({
    schema: z.string().min(1).default(DEFAULT_CACHE),
    describe: 'folder for copies of remote files',
    group: 'Data',
  }),
  toyRows: { ...toyRowsOption(12_000, 'jets'), describe: 'toy jets of the main sample' },
  toyControlRows: { ...toyRowsOption(40_000, 'jets'), describe: 'toy jets of the control region' },
  fraction: option({
    flag: 'frac-list',
    schema: z.number().gt(0).max(1).default(1),
    describe: 'part of each sample to use, drawn with the seed; 90 % of it trains, 5 % validates, 5 % tests',
    group: 'Data',
  }),
  includeLowMass: option({
    schema: z.boolean().optional(),
    describe:
      'train on signal with mH 60, 125, 200 GeV (default: both categories; one that is given leaves out the other); with ' +
      'one category alone each class has as many jets',
    group: 'Data',
  }),
  includeHighMass: option({
    schema: z.boolean().optional(),
    describe: 'train on signal with mH 400, 600, 1000 GeV, likewise',
    group: 'Data',
  }),
};

const networkOptions = {
  filtersConstit: option({
    flag: 'filters-cnn-constit',
    schema: filters.default([...usualFilters.constit]),
    describe: 'filters of the convolutions over clusters',
    group: 'Network',
  }),
  filtersTrack: option({
    flag: 'filters-cnn-track',
    schema: filters.default([...usualFilters.track]),
    describe: 'filters of the convolutions over tracks',
    group: 'Network',
  }),
  filtersMSeg: option({
    flag: 'filters-cnn-MSeg',
    schema: filters.default([...usualFilters.MSeg]),
    describe: 'filters of the convolutions over muon segments',
    group: 'Network',
  }),
  unitsConstit: option({
    flag: 'nodes-constit-lstm',
    schema: units.default(usualUnits.constit),
    describe: 'LSTM units for clusters; 0 takes the mean over them instead',
    group: 'Network',
  }),
  unitsTrack: option({
    flag: 'nodes-track-lstm',
    schema: units.default(usualUnits.track),
    describe: 'LSTM units for tracks; 0 takes the mean',
    group: 'Network',
  }),
  unitsMSeg: option({
    flag: 'nodes-MSeg-lstm',
    schema: units.default(usualUnits.MSeg),
    describe: 'LSTM units for muon segments; 0 takes the mean',
    group: 'Network',
  }),
  lstmLayers: option({
    flag: 'layers-list',
    schema: count.default(usual.lstmLayers),
    describe: 'LSTMs on top of each other',
    group: 'Network',
  }),
  hiddenLayerFraction: option({
    schema: z.number().positive().default(usual.hiddenLayerFraction),
    describe: 'multiplies the 512 and 64 units of the dense layers',
    group: 'Network',
  }),
  dropout: option({
    flag: 'dropout-array',
    schema: z.number().min(0).lt(1).default(usual.dropout),
    describe: 'dropout rate',
    group: 'Network',
  }),
  regularisation: option({
    flag: 'reg-values',
    schema: z.number().min(0).default(usual.regularisation),
    describe: 'factor of the L1 and of the L2 penalty on kernels',
    group: 'Network',
  }),
  mHParametrization: option({
    flag: 'mH-parametrization',
    schema: z.boolean().default(false),
    describe:
      'tell the network mH with every object and jet, in TeV; background gets masses of random signal, the control region 0',
    group: 'Network',
  }),
  mSParametrization: option({
    flag: 'mS-parametrization',
    schema: z.boolean().default(false),
    describe: 'tell the network mS, likewise',
    group: 'Network',
  }),
};

const trainingOptions = {
  epochs: option({
    schema: count.optional(),
    describe: 'most epochs, those of earlier starts included (default 100, toy jets 8)',
    unit: 'epochs',
    group: 'Training',
  }),
  batchSize: option({
    schema: count.optional(),
    describe:
      'pairs of a main and a control region jet in a step (default 512, or all jets when there are fewer)',
    unit: 'jets',
    group: 'Training',
  }),
  numSplits: option({
    schema: count.optional(),
    describe: 'most steps in an epoch, of equal sizes, instead of --batch-size',
    group: 'Training',
  }),
  learningRate: {
    ...learningRateOption(CALRATIO_LEARNING_RATE),
    flag: 'lr-values',
    describe: 'learning rate of both Nadam optimisers at the first step, or at the peak of one-cycle',
  },
  ...scheduleOptions,
  adversaryWeight: option({
    schema: z.number().min(0).default(10),
    describe: 'weight of the adversary’s loss, which the tagger tries to raise; 0 trains without adversary',
    group: 'Training',
  }),
  agreementWeight: option({
    schema: z.number().min(0).default(10),
    describe:
      'weight of the energy distance between the outputs of data and simulation, which the tagger lowers beside what the ' +
      'adversary finds (the reference: 0)',
    group: 'Training',
  }),
  discriminatorSteps: option({
    schema: count.default(5),
    describe: 'steps of the adversary before each step of the tagger (the reference takes 2)',
    group: 'Training',
  }),
  compareWithoutAdversary: option({
    schema: z.boolean().optional(),
    describe: 'train first without adversary, to show what it costs and brings (default: on toy jets)',
    group: 'Training',
  }),
  select: option({
    schema: z.enum(['combined', 'main-loss', 'ks']).default('combined'),
    describe:
      'what makes the best epoch: validation loss of the classes + --ks-weight times the K-S sum between data and ' +
      'simulation of the control region (3 outputs in 3 pT bins, 0 to 9), or one of the two',
    group: 'Training',
  }),
  ksWeight: option({
    schema: z.number().min(0).default(0.3),
    describe: 'factor of the K-S sum in --select combined',
    group: 'Training',
  }),
  patience: patienceOption(20, 'value of --select'),
  restoreBest: restoreBestOption(true, 'value of --select'),
  seed: seedOption('toy jets, fraction, split, masses, weights, dropout and order of jets', 'Training'),
  referenceCompat: option({
    schema: z.boolean().default(false),
    describe:
      'jets stay in the order of the split and in the same pairs in every epoch, the control region cut or mirrored to ' +
      'the length of the main sample',
    group: 'Training',
  }),
};

const outputOptions = {
  output: outputOption('runs/calratio', 'folder of all runs'),
  modelName: option({
    schema: z
      .string()
      .regex(/^[^/\\]+$/)
      .default('default'),
    describe: 'folder of runs that belong together; each run there gets the next number, 00000 the first',
    group: 'Output',
  }),
  continue: option({
    schema: z.int().optional(),
    describe: 'go on with this run of --model-name, negative ones count from the end; as --resume',
    group: 'Output',
  }),
  resume: option({
    ...runOptions.resume,
    describe: 'directory of a run: go on where it stopped, with its options',
  }),
  checkpointMinutes: runOptions.checkpointMinutes,
  keepCheckpoints: option({
    schema: z.int().min(0).default(0),
    describe: 'newest checkpoints to keep beside the best epoch’s; 0: those of all epochs',
    group: 'Output',
  }),
  tensorboard: runOptions.tensorboard,
};

/** Options of `train` and `resume`. */
export const trainOptions = defineOptions({
  ...dataOptions,
  ...networkOptions,
  ...trainingOptions,
  ...executionOptions,
  ...outputOptions,
});

/** Options as they were given. */
export type GivenOptions = ReturnType<typeof trainOptions.parse>;

/** Options with what depends on others filled in. */
export type TrainOptions = Omit<GivenOptions, Dependent> & {
  readonly [Key in Dependent]: NonNullable<GivenOptions[Key]>;
};

type Dependent = 'epochs' | 'compareWithoutAdversary' | 'includeLowMass' | 'includeHighMass';

const EPOCHS = { files: 100, toy: 8 } as const;

/** Fills in the defaults that depend on other options. */
export function completed(given: GivenOptions): TrainOptions {
  const isToy = given.mainTrainingFile.length === 0;
  return {
    ...given,
    epochs: given.epochs ?? (isToy ? EPOCHS.toy : EPOCHS.files),
    includeLowMass: given.includeLowMass ?? given.includeHighMass !== true,
    includeHighMass: given.includeHighMass ?? given.includeLowMass !== true,
    compareWithoutAdversary: given.compareWithoutAdversary ?? (isToy && given.adversaryWeight > 0),
  };
}
