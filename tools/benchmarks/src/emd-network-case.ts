/** The EMD network on pairs of synthetic modules with their exact distances. */
import { join } from 'node:path';
import { generateToy, normalise } from '@hep/datasets';
import { arrangements, imageFromCharges, TRIGGER_CELLS, triggerCellDistances } from '@hep/hgcal-geometry';
import { emdNetwork, meanSquaredError } from '@hep/losses';
import { adam, initialise, trainingProgram } from '@hep/nn';
import { emdBatchParallel } from '@hep/optimal-transport';
import type { Benchmark } from './benchmark.ts';
import { writeNpy } from './npy.ts';
import { trainingJob } from './training-job.ts';

const BATCH_SIZE = 256;
const LEARNING_RATE = 1e-3;
const { shape } = arrangements['4x4x3'];

/** The study's best network as it trains. */
function emdNetworkProgram() {
  const model = emdNetwork();
  return trainingProgram({
    model,
    loss: meanSquaredError,
    optimiser: adam(),
    weights: initialise(model.parameterSpecs, 1),
    targetShape: [1],
  });
}

export const emdNetworkCase: Benchmark = {
  name: 'emd-network',
  rows: 20_000,
  smokeRows: 600,
  processes: 'shared',
  peer: { script: 'keras_emd_network.py', module: 'keras' },
  settings: () => ({ batchSize: BATCH_SIZE, learningRate: LEARNING_RATE }),
  async prepare(folder, rows) {
    const [first, second] = [1, 2].map(
      (seed) => normalise(generateToy({ rows, seed }).charges, 'sum').fractions,
    );
    [first, second].forEach((charges, i) =>
      writeNpy(join(folder, `input_${i + 1}.npy`), imageFromCharges(arrangements['4x4x3'], charges), [
        rows,
        ...shape,
      ]),
    );
    const distances = await emdBatchParallel(triggerCellDistances(), TRIGGER_CELLS, first, second);
    writeNpy(join(folder, 'target.npy'), Float32Array.from(distances), [rows, 1]);
  },
  start: (spec) =>
    trainingJob(emdNetworkProgram(), spec, { batchSize: BATCH_SIZE, learningRate: LEARNING_RATE }),
};
