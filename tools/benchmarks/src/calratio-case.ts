/** The jet tagger's main network (convolutions, LSTMs, dense layers, dropout) on random jets. */
import { join } from 'node:path';
import {
  calRatioNetwork,
  CALRATIO_LEARNING_RATE,
  INPUT_SHAPES,
  JET_CLASSES,
  JET_INPUTS,
} from '@hep/calratio-rnn';
import { createGenerator } from '@hep/datasets';
import type { Program } from '@hep/engine';
import { categoricalCrossEntropyOfLogits } from '@hep/losses';
import { initialise, nadam, trainStep } from '@hep/nn';
import type { Benchmark } from './benchmark.ts';
import { writeClasses, writeJets } from './jets.ts';
import { trainingJob } from './training-job.ts';

const BATCH_SIZE = 1000;
const CLASSES = JET_CLASSES.length;

/** The main network as it trains, without the adversary. */
function calRatioTraining(): Program {
  const model = calRatioNetwork().mainLogits;
  const step = trainStep({ model, loss: categoricalCrossEntropyOfLogits, optimiser: nadam() });
  const columns = [
    ...JET_INPUTS.map((name) => [name, INPUT_SHAPES[name]] as const),
    ['target', [CLASSES]] as const,
  ];
  return {
    name: 'calratio_main',
    inputs: Object.fromEntries(
      columns.map(([name, shape]) => [name, { shape: [{ batch: 1 }, ...shape], dtype: 'float32' as const }]),
    ),
    initialState: step.initialState(initialise(model.parameterSpecs, 1)),
    step,
  };
}

export const calRatioCase: Benchmark = {
  name: 'calratio',
  rows: 20_000,
  smokeRows: 2_000,
  processes: 'shared',
  peer: { script: 'keras_calratio.py', module: 'keras' },
  settings: () => ({
    batchSize: BATCH_SIZE,
    learningRate: CALRATIO_LEARNING_RATE,
    shapes: INPUT_SHAPES,
    classes: CLASSES,
  }),
  async prepare(folder, rows) {
    const generator = createGenerator(1);
    writeJets(folder, rows, generator);
    writeClasses(join(folder, 'target.npy'), rows, generator);
  },
  start: (spec) =>
    trainingJob(calRatioTraining(), spec, { batchSize: BATCH_SIZE, learningRate: CALRATIO_LEARNING_RATE }),
};
