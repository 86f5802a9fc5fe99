/** Exact earth mover's distance between modules and what a briefly trained autoencoder makes of them. */
import { join } from 'node:path';
import { generateToy } from '@hep/datasets';
import { createOnnxTrainer, OnnxRunner } from '@hep/engine';
import { chargesFromImage, TRIGGER_CELLS, triggerCellDistances } from '@hep/hgcal-geometry';
import { initialise, predict } from '@hep/nn';
import { createEmdSolver } from '@hep/optimal-transport';
import { arrangement, autoencoder, autoencoderProgram, moduleImages } from './autoencoder-case.ts';
import type { Benchmark } from './benchmark.ts';
import { readFloat64, writeNpy } from './npy.ts';

const TRAINING_EPOCHS = 20;
const BATCH_SIZE = 500;
const LEARNING_RATE = 3e-3;
/** Starts the outputs at 0.02 rather than 0.5: most pixels are empty, and a short training must suffice. */
const OUTPUT_BIAS = -4;

export const emdCase: Benchmark = {
  name: 'emd',
  rows: 20_000,
  smokeRows: 500,
  processes: 'shared',
  threads: 1,
  peer: { script: 'pot_emd.py', module: 'ot' },
  settings: () => ({}),
  async prepare(folder, rows) {
    const images = moduleImages(rows);
    const charges = (values: Float32Array) => chargesFromImage(arrangement, Float64Array.from(values));
    writeNpy(join(folder, 'x.npy'), charges(images), [rows, TRIGGER_CELLS]);
    writeNpy(join(folder, 'y.npy'), charges(await reconstructed(images, rows)), [rows, TRIGGER_CELLS]);
    writeNpy(join(folder, 'metric.npy'), triggerCellDistances(), [TRIGGER_CELLS, TRIGGER_CELLS]);
  },
  async start({ folder }) {
    const [metric, x, y] = ['metric', 'x', 'y'].map((name) => readFloat64(join(folder, `${name}.npy`)));
    const solver = createEmdSolver(metric, TRIGGER_CELLS);
    return {
      engine: 'network simplex, 1 thread',
      run: async () => solver.emdBatch(x, y).reduce((sum, distance) => sum + distance, 0),
      close: async () => undefined,
    };
  },
};

/** The same for pairs of different modules, as EMD networks learn from: more charge has to move. */
export const emdPairsCase: Benchmark = {
  ...emdCase,
  name: 'emd-pairs',
  async prepare(folder, rows) {
    const charges = (seed: number) => Float64Array.from(generateToy({ rows, seed }).charges);
    writeNpy(join(folder, 'x.npy'), charges(1), [rows, TRIGGER_CELLS]);
    writeNpy(join(folder, 'y.npy'), charges(2), [rows, TRIGGER_CELLS]);
    writeNpy(join(folder, 'metric.npy'), triggerCellDistances(), [TRIGGER_CELLS, TRIGGER_CELLS]);
  },
};

/** The images after the autoencoder. */
async function reconstructed(images: Float32Array, rows: number): Promise<Float32Array> {
  const initial = initialise(autoencoder.parameterSpecs, 1);
  initial['decoder/conv2d_transpose_1/bias'].values.fill(OUTPUT_BIAS);
  const { program, weightsOf } = autoencoderProgram({ weights: initial });
  const train = { rows, columns: { input_1: { rowShape: arrangement.shape, values: images } } };
  const batchSize = Math.min(rows, BATCH_SIZE);
  const trainer = await createOnnxTrainer(program, { train }, { batchSize, replicas: 1 });
  const endBatch = Math.ceil(rows / batchSize);
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  const learningRates = new Float32Array(endBatch).fill(LEARNING_RATE);
  for (let epoch = 0; epoch < TRAINING_EPOCHS; epoch++) {
    const stretch = { firstBatch: 0, endBatch, step: 1 + epoch * endBatch, learningRates, seed: 1 };
    await trainer.train({ dataset: 'train', order, batchSize, ...stretch });
  }
  const weights = weightsOf(await trainer.readState());
  await trainer.close();
  const runner = new OnnxRunner();
  const { decoder } = await runner.run(
    ({ input_1, ...parameters }) => predict(autoencoder, parameters, { input_1 }),
    { ...weights, input_1: { shape: [rows, ...arrangement.shape], values: images } },
  );
  await runner.close();
  return decoder.values;
}
