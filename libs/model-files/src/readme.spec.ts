import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chain, dense, flatten, input, network } from '@hep/nn';
import { matchWeights, modelFromNetwork, readKerasJson, readKerasWeights, writeKerasModel } from './index.ts';

it('writes and reads a network as the README shows', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'readme-'));
  const picture = input('picture', [8, 8, 1]);
  const layers = [flatten({ name: 'flatten' }), dense({ name: 'latent', units: 16, activation: 'relu' })];
  const encoder = modelFromNetwork(network('encoder', [picture], [chain(picture, layers)]));
  const kernel = { name: 'encoder/latent/kernel', shape: [64, 16], values: new Float32Array(1024) };
  const bias = { name: 'encoder/latent/bias', shape: [16], values: new Float32Array(16).fill(0.5) };
  const paths = await writeKerasModel(directory, 'encoder_demo', encoder, [kernel, bias], 'encoder');
  const expected = [
    { name: 'latent/kernel', shape: [64, 16] },
    { name: 'latent/bias', shape: [16] },
  ];
  const weights = matchWeights(expected, await readKerasWeights(paths.hdf5));
  expect(weights['latent/bias']).toEqual(bias.values);
  expect(await readKerasJson(paths.json)).toEqual(encoder);
});
