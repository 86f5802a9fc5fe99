import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arrangements } from '@hep/hgcal-geometry';
import { emdNetwork, emdNetworkLoss } from '@hep/losses';
import type { EmdNetworkOptions } from '@hep/losses';
import { writeKerasWeights } from '@hep/model-files';
import type { NamedTensor } from '@hep/model-files';
import { eagerRunner, initialise, predict, withinPath } from '@hep/nn';
import { describeWithFixture, expectClose, fixturePath, goldenNpy, goldenPath } from '@hep/test-support';
import { readEmdNetwork } from './read-network.ts';
import { writeEmdNetwork } from './write-network.ts';

const folder = await mkdtemp(join(tmpdir(), 'emd-network-'));
afterAll(() => rm(folder, { recursive: true }));

const best = { filters: 32, kernelSize: 5, convolutions: 3, denseUnits: 256, denseLayers: 1 };

/** Patterns of 48 cells with the estimates of the published networks; ecoder.md section 10.6. */
const patterns = [
  { p: (k: number) => k + 1, q: (k: number) => 48 - k },
  { p: (k: number) => (k === 0 ? 11 : 1), q: () => 1 },
  { p: (k: number) => Number(k % 5 === 0), q: (k: number) => Number(k % 5 === 1) },
];
const published = [
  { name: 'pair_mse', size: best, estimates: [3.030363, 1.264119, 2.151388] },
  {
    name: 'pair_msle',
    size: { ...best, convolutions: 4, denseUnits: 32 },
    estimates: [3.029492, 0.744217, 2.168471],
  },
  { name: 'ae_mse', size: best, estimates: [2.413343, 0.973796, 2.484925] },
];

describeWithFixture(['emd-cnn'], 'published networks', () => {
  it.each(published)('$name: size and estimates', async ({ name, size, estimates }) => {
    const network = await readEmdNetwork(fixturePath('emd-cnn', `${name}.h5`));
    expect(network.size).toEqual(size);
    const { distances } = await eagerRunner.run(
      ({ input_1, input_2, ...weights }) => ({
        distances: predict(emdNetwork(network.size), weights, { input_1, input_2 })['average'],
      }),
      {
        input_1: goldenNpy('losses', 'emdcnn_x443.npy'),
        input_2: goldenNpy('losses', 'emdcnn_y443.npy'),
        ...network.weights,
      },
    );
    const golden = goldenNpy('losses', `emdcnn_out_${name}.npy`).values;
    expectClose(distances.values, golden, { relative: 1e-5, absolute: 1e-5 }, 'golden pairs');

    const arrangement = arrangements['4x4x3'];
    const images = (side: 'p' | 'q') => ({
      shape: [patterns.length, ...arrangement.shape],
      values: patterns.flatMap((pattern) => arrangement.cells.map((cell) => pattern[side](cell))),
    });
    const loss = emdNetworkLoss({ network, arrangement });
    const { losses } = await eagerRunner.run(({ p, q }) => ({ losses: loss(p, q) }), {
      p: images('p'),
      q: images('q'),
    });
    expectClose(losses.values, estimates, { relative: 1e-5 }, 'patterns');
  });
});

/** A file of random weights of a size, changed by `change`. */
async function fileOf(
  size: EmdNetworkOptions,
  change: (tensors: NamedTensor[]) => NamedTensor[],
): Promise<string> {
  const { parameterSpecs } = emdNetwork(size);
  const weights = withinPath(initialise(parameterSpecs, 1), 'base_model');
  const tensors = Object.entries(weights).map(([name, tensor]) => ({ name: `${name}:0`, ...tensor }));
  const path = join(folder, 'network.h5');
  await writeKerasWeights(path, [{ layer: 'base_model', weights: change(tensors) }]);
  return path;
}

const zeros = (name: string, shape: number[]): NamedTensor => ({
  name,
  shape,
  values: new Float32Array(shape.reduce((a, b) => a * b)),
});

const small = { filters: 4, kernelSize: 3, convolutions: 2, denseUnits: 8, denseLayers: 2 };

it('reads what writeEmdNetwork writes', async () => {
  const network = { size: small, weights: initialise(emdNetwork(small).parameterSpecs, 1) };
  const { hdf5 } = await writeEmdNetwork(folder, 'own', network);
  expect(await readEmdNetwork(hdf5)).toEqual(network);
});

describe('readEmdNetwork', () => {
  it('reads the size off the tensors', async () => {
    for (const size of [small, { ...small, denseLayers: 0, denseUnits: 1 }]) {
      expect((await readEmdNetwork(await fileOf(size, (tensors) => tensors))).size).toEqual(size);
    }
  });

  it.each<[string, (tensors: NamedTensor[]) => NamedTensor[], string]>([
    [
      'images of one sector',
      (all) => [zeros('conv2d_1/kernel:0', [3, 3, 2, 4]), ...all.slice(1)],
      'an EMD network of two images with 2 channels and 16 pixels, expected 6 and 16 (4x4x3)',
    ],
    [
      'images of 8x8',
      (all) =>
        all.map((tensor) => (tensor.name === 'dense_1/kernel:0' ? zeros(tensor.name, [256, 8]) : tensor)),
      'an EMD network of two images with 6 channels and 64 pixels, expected 6 and 16 (4x4x3)',
    ],
    [
      'a missing tensor',
      (all) => all.filter(({ name }) => name !== 'batchnorm_2/moving_mean:0'),
      'tensor base_model/batchnorm_2/moving_mean of shape [4] is missing (25 tensors, the model needs 26)',
    ],
    [
      'a missing kernel',
      (all) => all.filter(({ name }) => name !== 'dense_2/kernel:0'),
      'tensor base_model/dense_2/kernel of shape [8, 8] is missing',
    ],
    [
      'a tensor too many',
      (all) => [...all, zeros('batchnorm9/gamma:0', [4])],
      'tensor base_model/batchnorm9/gamma of shape [4] is not part of the model (27 tensors, expected 26)',
    ],
    [
      'no convolution',
      (all) => all.slice(4),
      'tensor base_model/conv2d_1/kernel is missing, expected [k, k, 6, filters]',
    ],
  ])('tells of %s', async (_, change, message) => {
    const path = await fileOf(small, change);
    await expect(readEmdNetwork(path)).rejects.toThrow(`${path}: ${message}`);
  });

  it('tells of files of other networks and of truncated ones', async () => {
    const other = goldenPath('models', 'S2_tele_w0.hdf5');
    await expect(readEmdNetwork(other)).rejects.toThrow(
      'no EMD network (no model base_model; found input_1, encoder, decoder)',
    );
    const whole = await readFile(await fileOf(small, (tensors) => tensors));
    const cut = join(folder, 'cut.h5');
    await writeFile(cut, whole.subarray(0, whole.length - 100));
    await expect(readEmdNetwork(cut)).rejects.toThrow(`${cut}: truncated`);
  });
});
