/** The track classifier (54-256-128-64-32-32-1) on synthetic tracks. */
import { join } from 'node:path';
import { createGenerator } from '@hep/datasets';
import { initialise } from '@hep/nn';
import { TRACK_FEATURES, TRACK_LEARNING_RATE, trackNetwork, trackProgram } from '@hep/track-dnn';
import type { Benchmark } from './benchmark.ts';
import { writeNpy } from './npy.ts';
import { trainingJob } from './training-job.ts';

const BATCH_SIZE = 2048;
const WIDTH = TRACK_FEATURES.length;
const LARGEST = 3;
/** Ranges after the transforms, of features drawn from -3 to 3. */
const ranges = {
  minimum: TRACK_FEATURES.map(({ abs }) => (abs ? 0 : -LARGEST)),
  maximum: TRACK_FEATURES.map(({ log1p }) => (log1p ? Math.log1p(LARGEST) : LARGEST)),
};

/** The network as it trains. */
export function trackTraining() {
  const network = trackNetwork({ ranges });
  return trackProgram(network, initialise(network.logits.parameterSpecs, 1));
}

export const trackCase: Benchmark = {
  name: 'track',
  rows: 500_000,
  smokeRows: 5_000,
  processes: 'shared',
  peer: { script: 'keras_track.py', module: 'keras' },
  settings: () => ({
    batchSize: BATCH_SIZE,
    learningRate: TRACK_LEARNING_RATE,
    absolute: TRACK_FEATURES.filter(({ abs }) => abs).length,
    logs: TRACK_FEATURES.filter(({ log1p }) => log1p).length,
    ...ranges,
  }),
  async prepare(folder, rows) {
    const generator = createGenerator(1);
    const column = (width: number, value: () => number) => Float32Array.from({ length: rows * width }, value);
    const features = column(WIDTH, () => LARGEST * (2 * generator.uniform() - 1));
    const target = column(1, () => 0).map((_, row) => Number(features[row * WIDTH] + generator.normal() > 0));
    writeNpy(join(folder, 'regular_input_layer.npy'), features, [rows, WIDTH]);
    writeNpy(
      join(folder, 'categorical_input_layer.npy'),
      column(1, () => generator.integer(25)),
      [rows, 1],
    );
    writeNpy(join(folder, 'target.npy'), target, [rows, 1]);
    writeNpy(
      join(folder, 'sampleWeight.npy'),
      column(1, () => generator.uniform()),
      [rows],
    );
  },
  start: (spec) =>
    trainingJob(trackTraining(), spec, { batchSize: BATCH_SIZE, learningRate: TRACK_LEARNING_RATE }),
};

/** The same against Keras with the metric AUC and a pipeline of tf.data: shuffle, batch, prefetch. */
export const trackPipelineCase: Benchmark = {
  ...trackCase,
  name: 'track-pipeline',
  peer: { script: 'keras_track_pipeline.py', module: 'keras' },
};

/** The same on one core. */
export const trackAloneCase: Benchmark = {
  ...trackCase,
  name: 'track-one-replica',
  peer: undefined,
  start: (spec) => trackCase.start({ ...spec, threads: 1 }),
};

/** A replica for each thread against one replica of one thread: half the time is perfect. */
export const trackReplicasCase: Benchmark = {
  ...trackCase,
  name: 'track-replicas',
  peer: { benchmark: trackAloneCase.name },
};
