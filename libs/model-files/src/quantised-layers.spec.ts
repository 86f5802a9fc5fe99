/** What every quantised layer must do: run on both engines, and be the same after each kind of file. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompiledFunction, OnnxRunner } from '@hep/engine';
import { tf } from '@hep/graph';
import { SeededNumbers, chain, eagerRunner, input, modelOf, network, predict, sizeOf } from '@hep/nn';
import type { HostTensor, Layer, NetworkModel, Runner, Weights } from '@hep/nn';
import { qActivation, qBatchNormalization, qConv1d, qConv2d, qDense } from '@hep/quant';
import { expectClose } from '@hep/test-support';
import { readFrozenGraph } from './frozen-graph-read.ts';
import { writeInferenceFiles } from './inference-files.ts';
import { kerasJson } from './keras-json.ts';
import { networkPaths, writeKerasModel } from './model-artefacts.ts';
import { modelFromNetwork } from './model-from-network.ts';
import { readKerasNetwork } from './network-file.ts';
import { networkFromModel } from './network-from-model.ts';
import { parseKerasJson } from './parse-keras-json.ts';

const onnx = new OnnxRunner();
afterAll(() => onnx.close());
let folder = '';
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'layers-'))));
afterAll(() => rm(folder, { recursive: true }));

const ROWS = 5;
const weights = {
  kernelQuantiser: 'quantized_bits(5,1,0,alpha=1)',
  biasQuantiser: 'quantized_bits(5,1,0,alpha=1)',
};
const name = 'layer';
const cases: readonly [string, Layer, readonly number[]][] = [
  ['QActivation', qActivation({ name, activation: 'quantized_relu(6,2)' }), [4, 4, 3]],
  ['QDense', qDense({ name, units: 4, ...weights, activation: 'quantized_bits(8,4,0,alpha=1)' }), [6]],
  [
    'QDense, automatic',
    qDense({ name, units: 4, kernelQuantiser: 'quantized_bits(4)', useBias: false }),
    [6],
  ],
  ['QConv1D', qConv1d({ name, filters: 4, kernelSize: 3, strides: 2, padding: 'same', ...weights }), [7, 3]],
  ['QConv2D', qConv2d({ name, filters: 4, kernelSize: [3, 2], padding: 'valid', ...weights }), [6, 5, 2]],
  ['QBatchNormalization', qBatchNormalization({ name }), [6]],
  [
    'QBatchNormalization, fixed point',
    qBatchNormalization({
      name,
      center: false,
      gammaQuantiser: 'quantized_bits(8,3,0,alpha=1)',
      meanQuantiser: 'quantized_bits(8,3,0,alpha=1)',
      varianceQuantiser: null,
    }),
    [4, 4, 3],
  ],
];

function numbersFor(path: string, shape: readonly number[], isPositive = false): HostTensor {
  const numbers = new SeededNumbers(11, path);
  const value = () => (isPositive ? 0.3 + 2 * numbers.uniform() : 3 * numbers.uniform() - 1.5);
  return { shape, values: Float32Array.from({ length: sizeOf(shape) }, value) };
}

describe.each(cases)('%s', (title, layer, shape) => {
  const start = input('x', shape);
  const model = modelOf(network('net', [start], [chain(start, [layer])]));
  const own: Weights = Object.fromEntries(
    model.parameterSpecs.map((spec) => [
      spec.name,
      numbersFor(spec.name, spec.shape, spec.name.endsWith('variance')),
    ]),
  );
  const x = numbersFor('x', [ROWS, ...shape]);

  async function outputs(given: NetworkModel, values: Weights, runner: Runner): Promise<Float32Array> {
    const run = ({ operand, ...parameters }: Record<string, tf.Tensor>) => ({
      result: predict(given, parameters, { x: operand })[name],
    });
    return (await runner.run(run, { operand: x, ...values }))['result'].values;
  }

  it('runs forward and backward alike on both engines', async () => {
    const learnt = model.parameterSpecs.filter(({ trainable }) => trainable).map((spec) => spec.name);
    const differentiate = ({ operand, ...parameters }: Record<string, tf.Tensor>) => {
      const squares = (...moved: tf.Tensor[]) => {
        const own = { ...parameters, ...Object.fromEntries(learnt.map((path, i) => [path, moved[i + 1]])) };
        return tf.sum(tf.square(predict(model, own, { x: moved[0] })[name]));
      };
      const gradients = tf.grads(squares)([operand, ...learnt.map((path) => parameters[path])]);
      return Object.fromEntries(gradients.map((gradient, i) => [`${i}`, gradient]));
    };
    const [eager, compiled] = await Promise.all(
      [eagerRunner, onnx].map((runner) => runner.run(differentiate, { operand: x, ...own })),
    );
    for (const [key, { values }] of Object.entries(eager)) {
      expectClose(compiled[key].values, values, { relative: 1e-5, absolute: 1e-5 }, `gradient ${key}`);
      expect(values.some((value) => value !== 0)).toBe(true);
    }
    const [first, second] = [await outputs(model, own, eagerRunner), await outputs(model, own, onnx)];
    expectClose(second, first, { relative: 1e-6, absolute: 1e-6 }, 'forward');
  });

  it.each(['portable', 'keras2', 'keras2.15'] as const)('is the same after JSON %s', (form) => {
    const text = kerasJson(modelFromNetwork(model.network), form);
    const again = networkFromModel(parseKerasJson(text, 'own'));
    expect(kerasJson(modelFromNetwork(again), form)).toBe(text);
  });

  it('is the same after HDF5', async () => {
    const tensors = Object.entries(own).map(([path, tensor]) => ({ name: path, ...tensor }));
    const files = await writeKerasModel(
      folder,
      title,
      modelFromNetwork(model.network),
      tensors,
      '',
      'keras2',
    );
    const again = await readKerasNetwork(files.json, files.hdf5);
    expect(again.weights).toEqual(own);
    expect(await outputs(again.model, again.weights, onnx)).toEqual(await outputs(model, own, onnx));
  });

  it('is the same as frozen graph', async () => {
    const files = networkPaths(folder, title);
    await writeInferenceFiles(files, model, own);
    const { run } = await readFrozenGraph(files.pb);
    const compiled = await CompiledFunction.create((given) => run(given), {
      x: { shape: [{ batch: 1 }, ...shape], dtype: 'float32' },
    });
    const { Identity: result } = await compiled.run({ x });
    await compiled.close();
    const expected = await outputs(model, own, onnx);
    expectClose(result.values as Float32Array, expected, { relative: 1e-6, absolute: 1e-6 }, title);
  });
});
