/** The Ecoder study's default autoencoder, `8x8_c8_S2_tele`, and its quantised twin, on synthetic modules. */
import { join } from 'node:path';
import { generateToy, normalise } from '@hep/datasets';
import { ecoderLoss, ecoderModel } from '@hep/ecoder-models';
import type { EcoderModel } from '@hep/ecoder-models';
import type { Program } from '@hep/engine';
import { definingPixels, imageFromCharges, superCells } from '@hep/hgcal-geometry';
import { adam, initialise, trainStep } from '@hep/nn';
import type { PerSampleLoss, Weights } from '@hep/nn';
import type { Benchmark } from './benchmark.ts';
import { writeNpy } from './npy.ts';
import { trainingJob } from './training-job.ts';

const ROWS = 100_000;
const BATCH_SIZE = 500;
const LEARNING_RATE = 1e-3;
const model = ecoderModel('8x8_c8_S2_tele');
/** The network, and how its images show trigger cells. */
export const { autoencoder, arrangement } = model;

/** Network, loss and optimiser; the default network, its own loss and random weights unless given. */
export function autoencoderProgram({
  network: { name, autoencoder, lossName, arrangement } = model,
  weights = initialise(autoencoder.parameterSpecs, 1),
  loss = ecoderLoss(lossName, arrangement),
}: {
  readonly network?: EcoderModel;
  readonly weights?: Weights;
  readonly loss?: PerSampleLoss;
} = {}) {
  const step = trainStep({ model: autoencoder, loss, optimiser: adam() });
  const program: Program = {
    name,
    inputs: { input_1: { shape: [{ batch: 1 }, ...arrangement.shape], dtype: 'float32' } },
    initialState: step.initialState(weights),
    step: (state, inputs) => step(state, { ...inputs, target: inputs['input_1'] }),
  };
  return { program, weightsOf: step.weightsOf };
}

/** Images of synthetic modules [rows, 8, 8, 1], normalised as the study does. */
export function moduleImages(rows: number): Float32Array {
  const { charges } = generateToy({ rows, seed: 1 });
  return imageFromCharges(arrangement, normalise(charges, 'power-of-two').fractions);
}

export const autoencoderCase: Benchmark = {
  name: 'autoencoder',
  rows: ROWS,
  smokeRows: 5_000,
  processes: 'shared',
  peer: { script: 'keras_autoencoder.py', module: 'keras' },
  settings: () => ({
    batchSize: BATCH_SIZE,
    learningRate: LEARNING_RATE,
    pixels: [...definingPixels(arrangement)],
    superCells: superCells(),
  }),
  prepare: async (folder, rows) =>
    writeNpy(join(folder, 'input_1.npy'), moduleImages(rows), [rows, ...arrangement.shape]),
  start: (spec) =>
    trainingJob(autoencoderProgram().program, spec, { batchSize: BATCH_SIZE, learningRate: LEARNING_RATE }),
};

/** The same work with quantised weights, against the float32 network. */
export const quantisedAutoencoderCase: Benchmark = {
  ...autoencoderCase,
  name: 'autoencoder-quantised',
  peer: { benchmark: autoencoderCase.name },
  start: (spec) =>
    trainingJob(autoencoderProgram({ network: ecoderModel('8x8_c8_S2_tele_qK') }).program, spec, {
      batchSize: BATCH_SIZE,
      learningRate: LEARNING_RATE,
    }),
};
