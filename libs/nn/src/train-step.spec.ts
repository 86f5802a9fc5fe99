import { tf } from '@hep/graph';
import { expectClose } from '@hep/test-support';
import {
  adam,
  batchNormalization,
  chain,
  clip,
  connect,
  dense,
  eagerRunner,
  initialise,
  input,
  l2,
  modelOf,
  network,
  sgd,
  trainStep,
  trainingProgram,
  withinPath,
} from './index.ts';
import type { HostTensor, Layer, PerSampleLoss, TensorFunction, TrainStep } from './index.ts';

const squaredError: PerSampleLoss = (target, prediction) =>
  tf.mean(tf.squaredDifference(target, prediction), 1);

const line = (units = 8) => {
  const x = input('x', [2]);
  const hidden = dense({ name: 'hidden', units, activation: 'tanh', kernelRegulariser: l2(1e-4) });
  return modelOf(network('line', [x], [chain(x, [hidden, dense({ name: 'y', units: 1 })])]));
};

const rows = 16;
const data = {
  x: { shape: [rows, 2], values: Float32Array.from({ length: 2 * rows }, (_, i) => Math.sin(i)) },
  target: { shape: [rows, 1], values: Float32Array.from({ length: rows }, (_, i) => Math.sin(2 * i) + 1) },
};

/** Runs a step on host values. */
async function run(
  step: TrainStep,
  state: Readonly<Record<string, HostTensor>>,
  count: number,
  more: Readonly<Record<string, HostTensor>> = {},
) {
  const fn: TensorFunction = (tensors) => {
    const result = step(withinPath(tensors, 'state'), withinPath(tensors, 'input'));
    const entries = Object.entries(result.state).map(([name, value]) => [`state/${name}`, value]);
    return { ...Object.fromEntries(entries), loss: result.outputs['loss'] };
  };
  const scalar = (value: number) => ({ shape: [], values: Float32Array.of(value) });
  const inputs = { ...data, ...more, learningRate: scalar(0.05), step: scalar(count) };
  const results = await eagerRunner.run(fn, {
    ...Object.fromEntries(Object.entries(state).map(([name, value]) => [`state/${name}`, value])),
    ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`input/${name}`, value])),
  });
  return { state: withinPath(results, 'state'), loss: results['loss'].values[0] };
}

describe('training step', () => {
  it('learns', async () => {
    const model = line();
    const step = trainStep({ model, loss: squaredError, optimiser: adam() });
    let state: Record<string, HostTensor> = step.initialState(initialise(model.parameterSpecs, 42));
    const losses: number[] = [];
    for (let i = 1; i <= 60; i++) {
      const result = await run(step, state, i);
      state = result.state;
      losses.push(result.loss);
    }
    expect(losses[59]).toBeLessThan(0.1 * losses[0]);
  });

  it('leaves no tensors behind', async () => {
    const model = line();
    const step = trainStep({ model, loss: squaredError, optimiser: adam() });
    const state = step.initialState(initialise(model.parameterSpecs, 1));
    await run(step, state, 1);
    const before = tf.memory().numTensors;
    await run(step, state, 1);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('counts the regularisation once and weights samples by w / B', async () => {
    const model = line();
    const weights = initialise(model.parameterSpecs, 3);
    const step = trainStep({ model, loss: squaredError, optimiser: sgd() });
    const penalty = 1e-4 * weights['hidden/kernel'].values.reduce((sum, value) => sum + value ** 2, 0);
    const state = step.initialState(weights);
    const { loss } = await run(step, state, 1);
    const sampleWeight = { shape: [rows], values: new Float32Array(rows).fill(3) };
    const weighted = await run(step, state, 1, { sampleWeight });
    expectClose([weighted.loss - penalty], [3 * (loss - penalty)], { relative: 1e-5 });
  });

  it('keeps frozen parameters and holds constraints', async () => {
    const x = input('x', [2]);
    const bounded = dense({ name: 'y', units: 1, kernelConstraint: clip(-0.01, 0.01) });
    const model = modelOf(
      network('bounded', [x], [chain(x, [dense({ name: 'hidden', units: 3 }), bounded])]),
    );
    const weights = initialise(model.parameterSpecs, 4);
    const frozen = (name: string) => name.startsWith('hidden/');
    const step = trainStep({ model, loss: squaredError, optimiser: sgd({ momentum: 0.9 }), frozen });
    const { state } = await run(step, step.initialState(weights), 1);
    const after = step.weightsOf(state);
    expect(after['hidden/kernel'].values).toEqual(weights['hidden/kernel'].values);
    expect(Math.max(...after['y/kernel'].values.map(Math.abs))).toBeLessThanOrEqual(Math.fround(0.01));
    expect(Object.keys(after)).toEqual(model.parameterSpecs.map(({ name }) => name));
  });

  it('moves each parameter at its own rate', async () => {
    const plain = line();
    const parameterSpecs = plain.parameterSpecs.map((spec) =>
      spec.name === 'y/bias' ? { ...spec, learningRateFactor: 4 } : spec,
    );
    const weights = initialise(plain.parameterSpecs, 4);
    const after = async (model: typeof plain) => {
      const step = trainStep({ model, loss: squaredError, optimiser: adam() });
      return step.weightsOf((await run(step, step.initialState(weights), 1)).state);
    };
    const [same, fast] = [await after(plain), await after({ ...plain, parameterSpecs })];
    expectClose(fast['y/bias'].values, [4 * same['y/bias'].values[0]], { relative: 1e-5 });
    expect(fast['hidden/kernel']).toEqual(same['hidden/kernel']);
  });

  it('moves the statistics of a shared layer once per use', async () => {
    const x = input('x', [2]);
    const shared = batchNormalization({ name: 'normal', momentum: 0.5, center: false, scale: false });
    const twice = connect(shared, connect(shared, x));
    const model = modelOf(network('twice', [x], [connect(dense({ name: 'y', units: 1 }), twice)]));
    const step = trainStep({ model, loss: squaredError, optimiser: sgd() });
    const { state } = await run(step, step.initialState(initialise(model.parameterSpecs, 5)), 1);
    const mean = [0, 1].map(
      (c) => data.x.values.reduce((sum, v, i) => sum + (i % 2 === c ? v : 0), 0) / rows,
    );
    expectClose(
      state['normal/moving_mean'].values,
      mean.map((value) => value / 4),
      { absolute: 1e-6 },
    );
  });
});

describe('costs', () => {
  /** A dense layer that costs the sum of its kernel's magnitudes. */
  const priced = (name: string): Layer => {
    const plain = dense({ name, units: 1 });
    return {
      ...plain,
      apply: (parameters, inputs, context) => {
        context.addCost('area', tf.sum(tf.abs(parameters['kernel'])));
        return plain.apply(parameters, inputs, context);
      },
    };
  };
  const x = input('x', [2]);
  const model = modelOf(network('priced', [x], [chain(x, [priced('first'), priced('second')])]));
  const weights = initialise(model.parameterSpecs, 2);
  const options = { model, loss: squaredError, optimiser: sgd(), costs: { area: 'price' } };
  const area = [...weights['first/kernel'].values, ...weights['second/kernel'].values].reduce(
    (sum, value) => sum + Math.abs(value),
    0,
  );
  const price = (value: number) => ({ price: { shape: [], values: Float32Array.of(value) } });

  it('join the loss with their weight, and so the gradient', async () => {
    const step = trainStep(options);
    const state = step.initialState(weights);
    const [free, dear] = [await run(step, state, 1, price(0)), await run(step, state, 1, price(0.5))];
    expectClose([dear.loss - free.loss], [0.5 * area], { relative: 1e-5 });
    const kernel = (result: typeof free) => step.weightsOf(result.state)['first/kernel'].values;
    const pulled = kernel(free).map(
      (value, i) => value - 0.05 * 0.5 * Math.sign(weights['first/kernel'].values[i]),
    );
    expectClose(kernel(dear), pulled, { absolute: 1e-6 });
  });

  it('are reported in training and in evaluation, where the loss is without them', async () => {
    const program = trainingProgram({ ...options, weights, targetShape: [1] });
    expect(program.scalars).toEqual(['price']);
    const training: TensorFunction = ({ x: given, target, price: weight, learningRate, step, ...state }) =>
      program.step(state, { x: given, target, price: weight, learningRate, step }).outputs;
    const evaluation: TensorFunction = ({ x: given, target, ...state }) =>
      program.evaluate(state, { x: given, target }).outputs;
    const scalars = { learningRate: price(0.05).price, step: price(1).price };
    const given = { ...data, ...program.initialState };
    const trained = await eagerRunner.run(training, { ...given, ...price(0.5), ...scalars });
    const evaluated = await eagerRunner.run(evaluation, given);
    expectClose([trained['area'].values[0], evaluated['area'].values[0]], [area, area], { relative: 1e-6 });
    expectClose([trained['loss'].values[0] - evaluated['loss'].values[0]], [0.5 * area], { relative: 1e-5 });
  });

  it('must be reported by a layer', () => {
    const { evaluate, initialState } = trainingProgram({
      ...options,
      model: line(),
      weights: initialise(line().parameterSpecs, 1),
      targetShape: [1],
    });
    const fn: TensorFunction = ({ x: given, target, ...state }) =>
      evaluate(state, { x: given, target }).outputs;
    return expect(eagerRunner.run(fn, { ...data, ...initialState })).rejects.toThrow(
      'model line: no layer reports the cost area',
    );
  });
});

describe('training program', () => {
  it('lists its columns; an autoencoder has no other target than its input', () => {
    const weights = initialise(line().parameterSpecs, 1);
    const common = { model: line(), loss: squaredError, optimiser: adam(), weights };
    const { inputs } = trainingProgram({ ...common, targetShape: [1], sampleWeights: true });
    expect(Object.keys(inputs)).toEqual(['x', 'target', 'sampleWeight']);
    expect(Object.keys(trainingProgram({ ...common, target: 'x' }).inputs)).toEqual(['x']);
    expect(() => trainingProgram(common)).toThrow('its shape must be given');
  });

  it('evaluates to the loss that the next step reports', async () => {
    const model = line();
    const weights = initialise(model.parameterSpecs, 6);
    const { evaluate, step, initialState } = trainingProgram({
      model,
      loss: squaredError,
      optimiser: adam(),
      targetShape: [1],
      weights,
    });
    const fn: TensorFunction = ({ x, target, ...state }) => evaluate(state, { x, target }).outputs;
    const { loss } = await eagerRunner.run(fn, { ...data, ...initialState });
    expectClose(loss.values, [(await run(step, initialState, 1)).loss], { relative: 1e-6 });
  });
});

describe('networks', () => {
  it('name mistakes', () => {
    const x = input('x', [2]);
    const y = connect(dense({ name: 'same', units: 2 }), x);
    expect(() => network('n', [x], [connect(dense({ name: 'same', units: 2 }), y)])).toThrow(
      'network n: two layers are named same',
    );
    expect(() => network('n', [], [y])).toThrow('network n: x is not in its list of inputs');
    const model = line();
    expect(() => trainStep({ model, loss: squaredError, optimiser: adam() }).initialState({})).toThrow(
      'parameter hidden/kernel is missing: expected a tensor of shape [2,8]',
    );
  });

  it('share parameters when nested and used twice', () => {
    const a = input('a', [2]);
    const block = network('block', [a], [connect(dense({ name: 'd', units: 2 }), a)]);
    const x = input('x', [2]);
    const outer = network('outer', [x], [connect(block, connect(block, x))]);
    expect(outer.parameterSpecs.map(({ name }) => name)).toEqual(['block/d/kernel', 'block/d/bias']);
  });
});
