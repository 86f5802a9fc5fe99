import { OnnxRunner } from '@hep/engine';
import { tf } from '@hep/graph';
import { expectClose } from '@hep/test-support';
import { Context } from '../context.ts';
import type { Layer } from '../layer.ts';
import { sizeOf, withinPath } from '../parameters.ts';
import type { Shape } from '../parameters.ts';
import { eagerRunner } from '../runner.ts';
import type { Runner, TensorFunction } from '../runner.ts';
import { average } from './average.ts';
import { batchNormalization } from './batch-normalization.ts';
import { concatenate } from './concatenate.ts';
import { conv1d } from './conv1d.ts';
import { conv2dTranspose } from './conv2d-transpose.ts';
import { conv2d } from './conv2d.ts';
import { dense } from './dense.ts';
import { dropout } from './dropout.ts';
import { leakyRelu } from './leaky-relu.ts';
import { lstm } from './lstm.ts';
import { maxPooling1d, maxPooling2d } from './max-pooling.ts';
import { takeChannel } from './take-channel.ts';
import { upSampling2d } from './up-sampling2d.ts';

const name = 'layer';

/** Values of a formula, so that Keras could be given the same: inputs, weights, factors of the outputs. */
const sawtooth = (shape: Shape, offset = 0) => ({
  shape,
  values: Float32Array.from({ length: sizeOf(shape) }, (_, n) => (((7 * (n + offset)) % 31) - 15) / 16),
});

/** What Keras 2.15 computes for input `sawtooth(input, 3)` and weights `sawtooth(shape)` (moving variances 1). */
interface Oracle {
  readonly layer: Layer;
  readonly training?: boolean;
  readonly input: Shape;
  readonly output: Shape;
  /** First values of the result, and the sum of its product with `sawtooth(output, 1)`. */
  readonly first: readonly number[];
  readonly sum: number;
  /** Norms of the gradients of the result's product with `sawtooth(output, 5)`: input, then weights. */
  readonly norms: readonly number[];
  readonly statistics?: readonly (readonly number[])[];
}

const oracles: Record<string, Oracle> = {
  'conv1d, stride 2, same': {
    layer: conv1d({ name, filters: 3, kernelSize: 3, strides: 2, padding: 'same', activation: 'tanh' }),
    input: [2, 7, 2],
    output: [2, 4, 3],
    first: [-0.963751, -0.895538, 0.40506, -0.856818, -0.900083, 0.474316],
    sum: 0.0984,
    norms: [1.54456, 1.79236, 1.65299],
  },
  'conv1d, causal, stride 2': {
    layer: conv1d({ name, filters: 3, kernelSize: 3, strides: 2, padding: 'causal', activation: 'tanh' }),
    input: [2, 7, 2],
    output: [2, 4, 3],
    first: [-0.728621, 0.03124, 0.255902, -0.557299, 0.266821, -0.642088],
    sum: -0.94461,
    norms: [1.99074, 2.44563, 2.54977],
  },
  'conv1d of one point': {
    layer: conv1d({ name, filters: 3, kernelSize: 1, activation: 'swish' }),
    input: [2, 5, 2],
    output: [2, 5, 3],
    first: [-0.267774, -0.013485, -0.221862, -0.156431, -0.147743, 0.081963],
    sum: -0.56789,
    norms: [0.83379, 0.6659, 0.52794],
  },
  'conv2d, unequal kernel and strides': {
    layer: conv2d({ name, filters: 2, kernelSize: [3, 2], strides: [2, 1], activation: 'sigmoid' }),
    input: [2, 5, 4, 3],
    output: [2, 2, 3, 2],
    first: [0.279828, 0.345989, 0.144631, 0.73029, 0.685949, 0.345105],
    sum: 0.09224,
    norms: [1.25499, 1.57366, 0.20814],
  },
  'conv2dTranspose, valid, without bias': {
    layer: conv2dTranspose({ name, filters: 2, kernelSize: 3, strides: 2, useBias: false }),
    input: [2, 3, 2, 3],
    output: [2, 7, 5, 2],
    first: [-0.714844, 1.273438, -0.371094, -0.683594, 1.40625, -0.710938],
    sum: 1.8833,
    norms: [4.72883, 7.45062],
  },
  'conv2dTranspose, same': {
    layer: conv2dTranspose({ name, filters: 2, kernelSize: 3, strides: 2, padding: 'same' }),
    input: [2, 3, 2, 3],
    output: [2, 6, 4, 2],
    first: [-1.652344, 0.773438, -1.308594, -1.183594, 0.46875, -1.210938],
    sum: -1.05103,
    norms: [7.6764, 6.37225, 1.26553],
  },
  'dense on sequences, softmax': {
    layer: dense({ name, units: 3, activation: 'softmax' }),
    input: [2, 3, 4],
    output: [2, 3, 3],
    first: [0.298834, 0.516339, 0.184827, 0.369557, 0.459921, 0.170522],
    sum: -0.62297,
    norms: [0.55367, 0.51679, 0.68118],
  },
  maxPooling1d: {
    layer: maxPooling1d({ name, padding: 'same' }),
    input: [2, 5, 3],
    output: [2, 3, 3],
    first: [0.375, 0.8125, 0.625, 0.4375, 0.875, 0],
    sum: -1.46484,
    norms: [2.40198],
  },
  'maxPooling2d with overlaps': {
    layer: maxPooling2d({ name, poolSize: 3, strides: 2 }),
    input: [2, 5, 5, 2],
    output: [2, 2, 2, 2],
    first: [0.875, 0.8125, 0.6875, 0.9375, 0.8125, 0.875],
    sum: -0.38672,
    norms: [2.15421],
  },
  upSampling2d: {
    layer: upSampling2d({ name, size: [2, 3] }),
    input: [2, 2, 3, 2],
    output: [2, 4, 9, 2],
    first: [0.375, 0.8125, 0.375, 0.8125, 0.375, 0.8125],
    sum: 2.90234,
    norms: [7.12006],
  },
  lstm: {
    layer: lstm({ name, units: 3 }),
    input: [2, 4, 2],
    output: [2, 3],
    first: [0.030458, 0.002131, 0.056645, -0.006162, 0.009237, 0.305652],
    sum: -0.08189,
    norms: [0.14413, 0.17507, 0.03397, 0.20607],
  },
  'lstm, every hidden state': {
    layer: lstm({ name, units: 3, returnSequences: true }),
    input: [2, 4, 2],
    output: [2, 4, 3],
    first: [-0.065902, -0.012792, 0.097349, -0.011376, 0.004209, 0.086176],
    sum: -0.31822,
    norms: [0.25795, 0.18869, 0.05096, 0.5495],
  },
  'batchNormalization in training': {
    layer: batchNormalization({ name }),
    training: true,
    input: [5, 3],
    output: [5, 3],
    first: [-1.865915, -0.995155, 0.010516, -0.644316, -0.343635, -0.128878],
    sum: 1.58113,
    norms: [2.34638, 2.31806, 1.76002],
    statistics: [
      [-0.929125, -0.491625, -0.061875],
      [0.992291, 0.992291, 0.993453],
    ],
  },
  'batchNormalization of images, without scale': {
    layer: batchNormalization({ name, scale: false, momentum: 0.9 }),
    training: true,
    input: [2, 2, 2, 3],
    output: [2, 2, 2, 3],
    first: [0.042176, 0.479676, -1.320959, -1.201857, -0.764357, 0.977096],
    sum: -7.43935,
    norms: [4.30532, 2.52642],
    statistics: [
      [-0.855469, -0.417969, -0.053125],
      [0.928732, 0.928732, 0.937165],
    ],
  },
  'batchNormalization of sequences, without centre': {
    layer: batchNormalization({ name, center: false }),
    training: true,
    input: [2, 3, 3],
    output: [2, 3, 3],
    first: [-1.086672, -0.579558, 0.081097, 0.057193, 0.030503, -0.071414],
    sum: 2.49438,
    norms: [2.33722, 2.75988],
    statistics: [
      [-0.930313, -0.492813, -0.061771],
      [0.992614, 0.992614, 0.992883],
    ],
  },
  'batchNormalization in inference': {
    layer: batchNormalization({ name }),
    input: [5, 3],
    output: [5, 3],
    first: [-2.167354, -1.155922, -0.023457, -1.581709, -0.843578, -0.105447],
    sum: 0.10152,
    norms: [1.39604, 2.09996, 1.76002],
  },
};

async function expectLikeKeras(oracle: Oracle, runner: Runner): Promise<void> {
  const { layer, input, training = false } = oracle;
  const specs = layer.parameters([input.slice(1)]);
  const learnt = specs.filter((spec) => spec.trainable).map((spec) => spec.name);
  const fn: TensorFunction = ({ x, factor, ...tensors }) => {
    const parameters = withinPath(tensors, 'w');
    const context = new Context(training);
    const result = layer.apply(parameters, [x], context);
    const objective = (data: tf.Tensor, ...values: tf.Tensor[]) => {
      const replaced = Object.fromEntries(learnt.map((parameter, i) => [parameter, values[i]]));
      const applied = layer.apply({ ...parameters, ...replaced }, [data], new Context(training));
      return tf.sum(tf.mul(applied, factor));
    };
    const gradients = tf.grads(objective)([x, ...learnt.map((parameter) => parameters[parameter])]);
    const norms = tf.stack(gradients.map((gradient) => tf.sqrt(tf.sum(tf.square(gradient)))));
    return { result, norms, ...Object.fromEntries(context.updates) };
  };
  const weights = specs.map(({ name: parameter, shape }) => [
    `w/${parameter}`,
    parameter === 'moving_variance'
      ? { shape, values: new Float32Array(sizeOf(shape)).fill(1) }
      : sawtooth(shape),
  ]);
  const { result, norms, ...updates } = await runner.run(fn, {
    x: sawtooth(input, 3),
    factor: sawtooth(oracle.output, 5),
    ...Object.fromEntries(weights),
  });
  expect(result.shape).toEqual(oracle.output);
  expect(layer.outputShape([input.slice(1)])).toEqual(oracle.output.slice(1));
  expectClose(result.values.slice(0, 6), oracle.first, { absolute: 2e-6 }, 'result');
  const factors = sawtooth(oracle.output, 1).values;
  expect(result.values.reduce((sum, value, i) => sum + value * factors[i], 0)).toBeCloseTo(oracle.sum, 4);
  expectClose(norms.values, oracle.norms, { absolute: 2e-5 }, 'norms of the gradients');
  const { moving_mean: mean, moving_variance: variance } = updates;
  const moved = training ? [mean.values, variance.values] : [];
  moved.forEach((values, i) => expectClose(values, oracle.statistics![i], { absolute: 2e-6 }, 'statistics'));
}

const onnx = new OnnxRunner();
afterAll(() => onnx.close());

describe.each([eagerRunner, onnx])('layers on $name', (runner) => {
  it.each(Object.entries(oracles))('%s', (_, oracle) => expectLikeKeras(oracle, runner));

  it('dropout scales what it keeps, and draws anew for each seed and each use', async () => {
    const layer = dropout({ name, rate: 0.25 });
    const fn: TensorFunction = ({ x, seed }) => {
      const context = new Context(true, seed).within(name);
      const off = layer.apply({}, [x], new Context(false));
      return { first: layer.apply({}, [x], context), second: layer.apply({}, [x], context), off };
    };
    const draw = async (seed: number) =>
      runner.run(fn, {
        x: { shape: [100, 40], values: new Float32Array(4000).fill(3) },
        seed: { shape: [], values: [seed], dtype: 'int32' },
      });
    const { first, second, off } = await draw(5);
    expect(new Set(first.values)).toEqual(new Set([0, 4]));
    expect(first.values.filter((value) => value > 0).length / 4000).toBeCloseTo(0.75, 1);
    expect(new Set(off.values)).toEqual(new Set([3]));
    expect(second.values).not.toEqual(first.values);
    expect((await draw(5))['first'].values).toEqual(first.values);
    expect((await draw(6))['first'].values).not.toEqual(first.values);
  });

  it('leakyRelu keeps a part of what is negative, with its gradient', async () => {
    const layer = leakyRelu({ name, slope: 0.01 });
    const fn: TensorFunction = ({ x }) => {
      const apply = (values: tf.Tensor) => layer.apply({}, [values], new Context(false));
      return { y: apply(x), slope: tf.grad(apply)(x) };
    };
    const { y, slope } = await runner.run(fn, { x: { shape: [2, 2], values: [-2, -0.5, 0.5, 2] } });
    expectClose(y.values, [-0.02, -0.005, 0.5, 2], { absolute: 1e-7 });
    expectClose(slope.values, [0.01, 0.01, 1, 1], { absolute: 1e-7 });
  });

  it('batchNormalization moves the variance as PyTorch does where asked for', async () => {
    const layer = batchNormalization({ name, momentum: 0.9, epsilon: 1e-5, unbiased: true });
    const fn: TensorFunction = ({ x }) => {
      const context = new Context(true).within(name);
      const start = { moving_mean: tf.zeros([1]), moving_variance: tf.ones([1]) };
      layer.apply({ gamma: tf.ones([1]), beta: tf.zeros([1]), ...start }, [x], context);
      return { variance: context.updates.get(`${name}/moving_variance`)! };
    };
    const { variance } = await runner.run(fn, { x: { shape: [4, 1], values: [1, 2, 3, 6] } });
    expectClose(variance.values, [0.9 + (0.1 * 14) / 3], { absolute: 1e-6 });
  });

  it('concatenate, average and takeChannel', async () => {
    const fn: TensorFunction = ({ a, b }) => {
      const context = new Context(false);
      return {
        joined: concatenate({ name }).apply({}, [a, b], context),
        mean: average({ name }).apply({}, [a, b], context),
        channel: takeChannel({ name, index: 1, channels: 2, axes: 3 }).apply(
          {},
          [tf.reshape(a, [2, 1, 1, 2])],
          context,
        ),
      };
    };
    const a = { shape: [2, 2], values: [1, 2, 3, 4] };
    const { joined, mean, channel } = await runner.run(fn, { a, b: { shape: [2, 2], values: [5, 6, 7, 8] } });
    expect([...joined.values]).toEqual([1, 2, 5, 6, 3, 4, 7, 8]);
    expect([...mean.values]).toEqual([3, 4, 5, 6]);
    expect([...channel.values]).toEqual([2, 4]);
  });
});
