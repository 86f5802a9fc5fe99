import { createEagerTrainer, createOnnxTrainer } from '@hep/engine';
import type { HostState, Program, Trainer } from '@hep/engine';
import { tf } from '@hep/graph';
import {
  adam,
  Context,
  initialise,
  inference,
  modelOf,
  SeededNumbers,
  sizeOf,
  toParameters,
  trainingProgram,
} from '@hep/nn';
import type { Parameters } from '@hep/nn';
import { expectClose } from '@hep/test-support';
import fc from 'fast-check';
import { learnedEncoder } from '../testing/learned-encoder.ts';
import { EBOPS, learnedConv2d, learnedDense } from './learned-layers.ts';
import { learnedDefaults } from './learned-settings.ts';

beforeAll(() => tf.setBackend('cpu'));

const tensor = (shape: number[], values: number[]) => tf.tensor(values, shape, 'float32');

describe('effective bit operations', () => {
  it('of a dense layer are products of bits, and the bits of the bias once for each unit', () => {
    const layer = learnedDense({ name: 'd', units: 2 });
    const parameters = {
      kernel: tf.zeros([3, 2]),
      bias: tf.zeros([2]),
      input_integer: tensor([3], [1, 2, -4]),
      input_fraction: tensor([3], [2, 3, 1]),
      kernel_integer: tf.zeros([3, 2]),
      kernel_bits: tensor([3, 2], [1, 2, 3, 4, 5, 6]),
      bias_integer: tf.zeros([2]),
      bias_bits: tensor([2], [3, 4]),
    };
    const inputBits = [3, 5, 0];
    const products = inputBits[0] * (1 + 2) + inputBits[1] * (3 + 4) + inputBits[2] * (5 + 6);
    expect(layer.ebops(parameters, [3]).dataSync()[0]).toBe(products + 3.5 * 2);
    const slope = tf.grad((bits) => layer.ebops({ ...parameters, kernel_bits: bits }, [3]))(
      parameters.kernel_bits,
    );
    expect([...slope.dataSync()]).toEqual([3, 3, 5, 5, 0, 0]);
  });

  it('of a convolution count the products with pixels of the image, not with padding', () => {
    const options = { name: 'c', filters: 4, kernelSize: 3, strides: 2, padding: 'same' } as const;
    const shape = [8, 8, 1];
    const at = (biasCost: 'input' | 'output') => {
      const layer = learnedConv2d({ ...options, biasCost });
      const specs = layer.parameters([shape]);
      return layer.ebops(toParameters(specs, initialise(specs, 1)), shape).dataSync()[0];
    };
    const products = 11 * 11 * 4 * (2 + 6) * 8;
    expect(at('input')).toBe(products + 8 * 64 * 4);
    expect(at('output')).toBe(products + 8 * 16 * 4);
  });

  it('count groups as often as they have elements', () => {
    const [element, tensorwise] = (['element', 'tensor'] as const).map((granularity) => {
      const { activation, kernel, bias } = learnedDefaults;
      const layer = learnedDense({
        name: 'd',
        units: 5,
        input: { ...activation, granularity },
        kernel: { ...kernel, granularity },
        bias: { ...bias, granularity },
      });
      const specs = layer.parameters([[7]]);
      return layer.ebops(toParameters(specs, initialise(specs, 1)), [7]).dataSync()[0];
    });
    expect(element).toBe(7 * 5 * 8 * 8 + 5 * 8);
    expect(tensorwise).toBe(element);
  });

  it('never fall when a number of bits rises, and are 0 without bits, as is the result', () => {
    const layer = learnedDense({ name: 'd', units: 2 });
    const specs = layer.parameters([[3]]);
    const start = toParameters(specs, initialise(specs, 1));
    const bits = fc.array(fc.double({ min: 0, max: 9, noNaN: true }), { minLength: 6, maxLength: 6 });
    const ebops = (values: number[]) =>
      tf.tidy(() => layer.ebops({ ...start, kernel_bits: tensor([3, 2], values) }, [3]).dataSync()[0]);
    fc.assert(
      fc.property(bits, fc.nat(5), fc.double({ min: 0, max: 5, noNaN: true }), (values, at, more) => {
        expect(ebops(values.map((value, i) => (i === at ? value + more : value)))).toBeGreaterThanOrEqual(
          ebops(values),
        );
      }),
    );
    const none: Parameters = { ...start, kernel_bits: tf.zeros([3, 2]), bias_bits: tf.zeros([2]) };
    expect(layer.ebops(none, [3]).dataSync()[0]).toBe(0);
    for (const context of [new Context(true), inference()]) {
      const result = layer.apply(none, [tensor([1, 3], [1, -2, 0.5])], context);
      expect([...result.dataSync()].every((value) => value === 0)).toBe(true);
    }
  });

  it('are reported once for each use, by layer', () => {
    const model = modelOf(learnedEncoder());
    const context = new Context(true);
    const parameters = toParameters(model.parameterSpecs, initialise(model.parameterSpecs, 1));
    model.apply(parameters, { image: tf.zeros([1, 8, 8, 1]) }, context);
    expect(context.costs.map(({ kind, layer }) => [kind, layer])).toEqual([
      [EBOPS, 'conv'],
      [EBOPS, 'dense'],
    ]);
  });
});

describe('training', () => {
  const ROWS = 23;
  const BATCH = 10;
  const model = modelOf(learnedEncoder());
  const program: Program = trainingProgram({
    model,
    loss: (target, prediction) => tf.mean(tf.squaredDifference(target, prediction), 1),
    optimiser: adam(),
    costs: { [EBOPS]: 'beta' },
    targetShape: [16],
    weights: initialise(model.parameterSpecs, 1),
  });
  const column = (name: string, rowShape: readonly number[]) => {
    const numbers = new SeededNumbers(5, name);
    const values = Float32Array.from({ length: ROWS * sizeOf(rowShape) }, () => numbers.uniform());
    return { rowShape, values };
  };
  const columns = { image: column('image', [8, 8, 1]), target: column('target', [16]) };
  const data = { train: { rows: ROWS, columns } };

  async function epoch(trainer: Trainer, beta: number) {
    try {
      const { outputs } = await trainer.train({
        dataset: 'train',
        order: Int32Array.from({ length: ROWS }, (_, row) => row),
        batchSize: BATCH,
        firstBatch: 0,
        endBatch: Math.ceil(ROWS / BATCH),
        step: 1,
        learningRates: new Float32Array(3).fill(0.4),
        scalars: { beta },
        seed: 7,
      });
      return { outputs, state: await trainer.readState() };
    } finally {
      await trainer.close();
    }
  }
  const onOnnx = (replicas: number) =>
    createOnnxTrainer(program, data, { batchSize: BATCH, replicas, threads: 1 });
  const bitsOf = (state: HostState) => {
    const weights = (program.step as unknown as { weightsOf(state: HostState): HostState }).weightsOf(state);
    return [...weights['dense/kernel_bits'].values];
  };

  it('is the same traced as eagerly, tracked bits included', async () => {
    const eager = await epoch(await createEagerTrainer(program, data), 1e-6);
    const traced = await epoch(await onOnnx(1), 1e-6);
    for (const name of ['loss', EBOPS]) {
      expectClose(traced.outputs[name], eager.outputs[name], { relative: 1e-5 }, name);
    }
    for (const name of ['conv/input_integer', 'dense/input_integer', 'conv/bias_integer']) {
      expectClose(traced.state[name].values, eager.state[name].values, { absolute: 1e-6 }, name);
    }
  });

  it('takes bits away when they have a price', async () => {
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const [free, dear] = [await epoch(await onOnnx(1), 0), await epoch(await onOnnx(1), 1)];
    expect(mean(bitsOf(dear.state))).toBeLessThan(mean(bitsOf(free.state)) - 0.5);
    expect(dear.outputs[EBOPS][2]).toBeLessThan(dear.outputs[EBOPS][0]);
    expect(Math.min(...bitsOf((await epoch(await onOnnx(2), 1e9)).state))).toBeGreaterThanOrEqual(0);
  });
});
