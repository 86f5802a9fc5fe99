import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tf } from '@hep/graph';
import {
  chain,
  conv2d,
  conv2dTranspose,
  dense,
  flatten,
  initialise,
  input,
  modelOf,
  network,
  predict,
  reshape,
} from '@hep/nn';
import type { Weights } from '@hep/nn';
import { UserError } from '@hep/options';
import { expectClose } from '@hep/test-support';
import { networkPaths, readFrozenGraph, writeInferenceFiles } from './index.ts';

beforeAll(() => tf.setBackend('cpu'));

const image = input('image', [8, 8, 1]);
const model = modelOf(
  network(
    'autoencoder',
    [image],
    [
      chain(image, [
        conv2d({ name: 'conv', filters: 3, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' }),
        flatten({ name: 'flat' }),
        dense({ name: 'latent', units: 5, activation: 'relu' }),
        dense({ name: 'wide', units: 48, activation: 'relu' }),
        reshape({ name: 'square', targetShape: [4, 4, 3] }),
        conv2dTranspose({ name: 'up', filters: 1, kernelSize: 3, strides: 2, padding: 'same' }),
      ]),
    ],
  ),
);
const weights: Weights = initialise(model.parameterSpecs, 3);

async function written(): Promise<string> {
  const paths = networkPaths(await mkdtemp(join(tmpdir(), 'frozen-')), 'small');
  await writeInferenceFiles(paths, model, weights);
  return paths.pb;
}

async function message(reading: Promise<unknown>): Promise<string> {
  const error: unknown = await reading.then(
    () => 'no error',
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return (error as Error).message;
}

describe('readFrozenGraph', () => {
  it('gives back the numbers of the network that was written', async () => {
    const graph = await readFrozenGraph(await written());
    expect(graph.placeholders).toEqual([{ name: 'x', shape: [null, 8, 8, 1], dtype: 'float32' }]);
    expect(graph.outputs).toEqual(['Identity']);
    const x = tf.randomUniform([4, 8, 8, 1], 0, 1, 'float32', 7);
    const parameters = Object.fromEntries(
      Object.entries(weights).map(([name, { shape, values }]) => [name, tf.tensor(values, [...shape])]),
    );
    const [expected] = Object.values(predict(model, parameters, { image: x }));
    expectClose(graph.run({ x })['Identity'].dataSync(), expected.dataSync(), { absolute: 1e-6 });
  });

  it('tells in one line which file is at fault', async () => {
    const path = await written();
    const whole = await readFile(path);
    const cut = `${path}.cut`;
    await writeFile(cut, whole.subarray(0, 2000));
    expect(await message(readFrozenGraph(cut))).toMatch(
      /^\S+\.pb\.cut: not a whole TensorFlow GraphDef \(.*\)/,
    );
    expect(await message(readFrozenGraph(path, ['latents']))).toBe(
      `${path}: node "latents", which an output needs, is missing; is the file whole?`,
    );
    expect(await message(readFrozenGraph(path, undefined, 100))).toContain('more than the 100 allowed');
    const graph = await readFrozenGraph(path);
    const running = Promise.resolve().then(() => graph.run({ x: tf.zeros([1, 4, 4, 1]) }));
    expect(await message(running)).toBe(`${path}: input "x" has shape [1, 4, 4, 1]; expected [any, 8, 8, 1]`);
  });
});
