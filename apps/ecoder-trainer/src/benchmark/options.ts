import { defineOptions, option, without } from '@hep/options';
import {
  batchSizeOption,
  epochsOption,
  executionOptions,
  learningRateOption,
  outputOption,
  toyRowsOption,
} from '@hep/training-command';
import { z } from 'zod';
import { dataOptions } from '../data-options.ts';
import { trainingOptions, trainOptions } from '../options.ts';
import type { TrainOptions } from '../options.ts';
import { recipeNames } from './recipes.ts';

/** Options of `benchmark`. */
export const benchmarkOptions = defineOptions({
  ...without(dataOptions, ['overrideInput', 'selectLayers']),
  toyRows: toyRowsOption(20_000, 'modules'),
  elinks: option({
    schema: z.array(z.int().min(2).max(5)).min(1).default([2, 3, 4, 5]),
    describe: 'numbers of eLinks to compare at',
    unit: 'eLinks',
    group: 'Comparison',
  }),
  autoencoders: option({
    schema: z.array(z.enum(recipeNames)).default([...recipeNames]),
    describe: 'networks to train; those that need an EMD network only with --emd-network',
    group: 'Comparison',
  }),
  emdNetwork: option({
    schema: z.string().min(1).optional(),
    describe: 'HDF5 file of a trained EMD network',
    group: 'Comparison',
  }),
  runs: option({
    schema: z.array(z.string()).default([]),
    describe: 'run directories of trained networks to compare, too',
    group: 'Comparison',
  }),
  weights: option({
    schema: z.array(z.string()).default([]),
    describe:
      'published Keras weights to compare, too: NETWORK:ELINKS:FILE, such as 8x8_c8_S2_tele:5:file.hdf5',
    group: 'Comparison',
  }),
  ...without(trainingOptions, ['seeds', 'weight']),
  epochs: epochsOption(20),
  batchSize: batchSizeOption(50, 'modules'),
  learningRate: learningRateOption(3e-3),
  ...executionOptions,
  output: outputOption(
    'runs/benchmark',
    'folder of the results; networks that are trained there already are not trained again',
  ),
  force: option({
    schema: z.boolean().default(false),
    describe: 'train all networks anew',
    group: 'Output',
  }),
});

/** Their values. */
export type BenchmarkOptions = ReturnType<typeof benchmarkOptions.parse>;

const trainDefaults = trainOptions.parse([]);

/** The options of `train` with those of the benchmark over them; all eLinks are compared on the same modules. */
export function asTrainOptions(options: BenchmarkOptions): TrainOptions {
  const shared = Object.keys(trainDefaults).filter((key) => key in options);
  const given = Object.fromEntries(shared.map((key) => [key, options[key as keyof BenchmarkOptions]]));
  return { ...trainDefaults, ...given, overrideInput: true, tensorboard: false, verifyRows: 0 };
}
