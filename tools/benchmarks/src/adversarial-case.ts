/** The jet tagger against its adversary: mini-batches of two discriminator steps and one main step on random jets. */
import { join } from 'node:path';
import {
  CALRATIO_LEARNING_RATE,
  calRatioNetwork,
  calRatioProgram,
  INPUT_SHAPES,
  JET_CLASSES,
} from '@hep/calratio-rnn';
import { createGenerator } from '@hep/datasets';
import { initialise } from '@hep/nn';
import type { Benchmark } from './benchmark.ts';
import { writeClasses, writeJets } from './jets.ts';
import { writeNpy } from './npy.ts';
import { trainingJob } from './training-job.ts';

const BATCH_SIZE = 400;
const ADVERSARY = { adversaryWeight: 10, discriminatorSteps: 2 } as const;

/** The tagger and its adversary as they train. */
function adversarialTraining() {
  const network = calRatioNetwork();
  return calRatioProgram(network, initialise(network.original.parameterSpecs, 1), ADVERSARY);
}

export const adversarialCase: Benchmark = {
  name: 'adversarial',
  rows: 8_000,
  smokeRows: 800,
  processes: 'shared',
  peer: { script: 'keras_adversarial.py', module: 'keras' },
  settings: () => ({
    ...ADVERSARY,
    batchSize: BATCH_SIZE,
    learningRate: CALRATIO_LEARNING_RATE,
    shapes: INPUT_SHAPES,
    classes: JET_CLASSES.length,
  }),
  async prepare(folder, rows) {
    const generator = createGenerator(1);
    const [main, control] = [join(folder, 'main'), join(folder, 'control')];
    const perRow = (value: () => number) => Float32Array.from({ length: rows }, value);
    for (const sample of [main, control]) {
      writeJets(sample, rows, generator);
      writeNpy(
        join(sample, 'weight.npy'),
        perRow(() => 0.5 + generator.uniform()),
        [rows],
      );
    }
    writeClasses(join(main, 'label.npy'), rows, generator);
    writeNpy(
      join(control, 'isData.npy'),
      perRow(() => generator.integer(2)),
      [rows, 1],
    );
  },
  start: (spec) =>
    trainingJob(adversarialTraining(), spec, {
      batchSize: BATCH_SIZE,
      learningRate: CALRATIO_LEARNING_RATE,
    }),
};
