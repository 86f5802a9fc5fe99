/** The default autoencoder with a frozen EMD network of the study's size as its loss. */
import { join } from 'node:path';
import { ecoderLoss } from '@hep/ecoder-models';
import { readEmdNetwork, writeEmdNetwork } from '@hep/emd-network';
import { arrangements, definingPixels } from '@hep/hgcal-geometry';
import { emdNetwork } from '@hep/losses';
import { initialise } from '@hep/nn';
import { arrangement, autoencoderCase, autoencoderProgram } from './autoencoder-case.ts';
import type { Benchmark } from './benchmark.ts';
import { trainingJob } from './training-job.ts';

const BATCH_SIZE = 500;
const LEARNING_RATE = 1e-3;

export const emdLossCase: Benchmark = {
  ...autoencoderCase,
  name: 'emd-loss',
  rows: 20_000,
  peer: { script: 'keras_emd_loss.py', module: 'keras' },
  settings: () => ({
    ...autoencoderCase.settings(),
    places: arrangements['4x4x3'].cells.map((cell) => definingPixels(arrangement)[cell]),
  }),
  async prepare(folder, rows) {
    await autoencoderCase.prepare(folder, rows);
    await writeEmdNetwork(folder, 'network', {
      size: {},
      weights: initialise(emdNetwork().parameterSpecs, 1),
    });
  },
  async start(spec) {
    const network = await readEmdNetwork(join(spec.folder, 'network.h5'));
    const loss = ecoderLoss('emd', arrangement, { emdNetwork: network });
    const { program } = autoencoderProgram({ loss });
    return trainingJob(program, spec, { batchSize: BATCH_SIZE, learningRate: LEARNING_RATE });
  },
};
