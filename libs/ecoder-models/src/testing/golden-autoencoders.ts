import { arrangements } from '@hep/hgcal-geometry';
import { emdNetworkLoss, telescope, weightedMse } from '@hep/losses';
import { goldenPath, readAllDatasets } from '@hep/test-support';
import { denseCnn } from '../dense-cnn.ts';
import { separableCnn } from '../separable-cnn.ts';
import { quantisation } from '../quantisation.ts';
import type { GoldenAutoencoder } from './golden-runs.ts';

const tele8x8 = telescope(arrangements['8x8']);
const tele4x4x3 = telescope(arrangements['4x4x3']);
const tele6x6x3 = telescope(arrangements['6x6x3']);
const emd8x8 = emdNetworkLoss({
  network: { size: {}, weights: await emdWeights() },
  arrangement: arrangements['8x8'],
  normalise: false,
});
const strided = denseCnn({ imageShape: [8, 8, 1], strides: [2] });
const twoConvolutions = denseCnn({
  imageShape: [8, 8, 1],
  filters: [8, 4],
  kernelSizes: [5, 3],
  pool: [false, true],
  denseUnits: [20],
  encodedSize: 12,
  decoderOrder: 'reference',
});
const masked = denseCnn({ imageShape: [8, 8, 1], keepPixels: arrangements['8x8'].visible });
const pooledUnshared = separableCnn({
  imageShape: [6, 6, 3],
  encodedSize: 16,
  pool: true,
  shareFilters: false,
});

const quantised = (elinks: number) =>
  denseCnn({ imageShape: [8, 8, 1], strides: [2], quantisation: quantisation({ elinks }) });

/** Every golden autoencoder; those with quantisers bear `tolerance: 1e-3`, since a step may move a number across a tie. */
export const goldenAutoencoders: readonly GoldenAutoencoder[] = [
  { folder: 'models', name: 'S2_tele', forward: true, model: strided, loss: tele8x8 },
  { folder: 'models', name: 'S2_tele_raw', forward: false, model: strided, loss: tele8x8 },
  { folder: 'models', name: 'S2_wmse', forward: true, model: strided, loss: weightedMse },
  { folder: 'models', name: 'S2_emdloss', forward: true, model: strided, loss: emd8x8 },
  {
    folder: 'models',
    name: 'pool_tele',
    forward: true,
    model: denseCnn({ imageShape: [8, 8, 1], pool: [true] }),
    loss: tele8x8,
  },
  {
    folder: 'models_extra',
    name: 'c443',
    forward: true,
    model: denseCnn({ imageShape: [4, 4, 3] }),
    loss: tele4x4x3,
  },
  {
    folder: 'models_extra',
    name: 'c663',
    forward: true,
    model: denseCnn({ imageShape: [6, 6, 3] }),
    loss: tele6x6x3,
  },
  { folder: 'models_extra', name: 'c88_multi', forward: true, model: twoConvolutions, loss: tele8x8 },
  { folder: 'models_extra', name: 'c88_maskconv', forward: true, model: masked, loss: tele8x8 },
  {
    folder: 'models_extra',
    name: 'sep443',
    forward: true,
    model: separableCnn({ imageShape: [4, 4, 3], encodedSize: 16 }),
    loss: tele4x4x3,
  },
  { folder: 'models_extra', name: 'sep663_pool', forward: true, model: pooledUnshared, loss: tele6x6x3 },
  { folder: 'models', name: 'qK_tele', forward: true, model: quantised(5), loss: tele8x8, tolerance: 1e-3 },
  {
    folder: 'models',
    name: 'qK_wmse',
    forward: true,
    model: quantised(3),
    loss: weightedMse,
    tolerance: 1e-3,
  },
];

/** Weights of the study's EMD network `ae_mse`. */
async function emdWeights() {
  const stored = await readAllDatasets(goldenPath('models', 'emdcnn_w0.hdf5'));
  return Object.fromEntries([...stored].map(([path, tensor]) => [path.replace(/:0$/, ''), tensor]));
}
