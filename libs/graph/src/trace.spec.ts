import { expectClose } from '@hep/test-support';
import {
  bindBatch,
  emitOnnx,
  freeze,
  layerScope,
  lstm,
  optimise,
  seededUniform,
  tf,
  trace,
} from './index.ts';
import type { Graph, Signature } from './index.ts';
import { runOnnx } from './testing/run-onnx.ts';

beforeAll(() => tf.setBackend('cpu'));

const rows = (...shape: number[]) => ({ shape: [{ batch: 1 }, ...shape], dtype: 'float32' as const });
const fixed = (...shape: number[]) => ({ shape, dtype: 'float32' as const });

const traced = (run: (x: tf.Tensor) => tf.Tensor, inputs: Signature = { x: rows(4) }): Graph =>
  trace((_state, operands) => ({ outputs: { y: run(operands['x']!) } }), { inputs });

describe('trace', () => {
  it('names operation and layer that have no row', () => {
    expect(() => traced((x) => layerScope('encoder', () => layerScope('odd', () => tf.atanh(x))))).toThrow(
      'operation Atanh in layer encoder/odd has no row in the op table and cannot be traced',
    );
  });

  it('names the node whose numbers are read', () => {
    expect(() => traced((x) => tf.scalar(layerScope('dense', () => tf.relu(x)).dataSync()[0]!))).toThrow(
      'a traced value has no numbers: the result of Relu in layer dense was read',
    );
  });

  it('refuses host randomness', () => {
    let draw = 0;
    const noisy = (x: tf.Tensor) => tf.add(x, tf.tensor1d([++draw, 2, 3, 4]));
    expect(() => traced(noisy)).toThrow('a constant differs between two traces: host randomness');
  });

  it('refuses functions of the batch size that are not proportional', () => {
    expect(() => traced((x) => tf.mul(x, x.shape[0]! ** 2))).toThrow('neither proportional nor inverse');
  });

  it('refuses tensors of another trace', () => {
    let leaked: tf.Tensor | null = null;
    traced((x) => (leaked = tf.relu(x)));
    expect(() => traced((x) => tf.add(x, leaked!))).toThrow('a tensor of another trace');
  });

  it('takes tensors of the surrounding backend as constants', async () => {
    const weights = tf.tensor1d([1, 2, 3, 4]);
    const graph = traced((x) => tf.mul(x, weights));
    const x = { shape: [1, 4], dtype: 'float32' as const, values: Float32Array.of(1, 1, 1, 2) };
    const { 'out/y': y } = await runOnnx(emitOnnx(graph, { name: 'foreign' }), { 'in/x': x }, 1);
    expect([...y!.values]).toEqual([1, 2, 3, 8]);
  });

  it('restores the backend when the function throws', () => {
    expect(() =>
      traced(() => {
        throw new Error('broken model');
      }),
    ).toThrow('broken model');
    expect(tf.getBackend()).toBe('cpu');
    expect(tf.add(1, 2).dataSync()[0]).toBe(3);
  });

  it('tells state that changed from state that did not', () => {
    const graph = trace(
      (state, { x }) => ({
        outputs: { y: tf.sum(x!) },
        state: { ...state, count: tf.add(state['count']!, 1) },
      }),
      { inputs: { x: rows(4) }, state: { count: fixed(), weights: fixed(3) } },
    );
    expect(graph.updates.map(({ name }) => name)).toEqual(['count']);
  });

  it('refuses a state that changes its shape', () => {
    expect(() =>
      trace((state) => ({ outputs: {}, state: { w: tf.reshape(state['w']!, [3, 1]) } }), {
        inputs: {},
        state: { w: fixed(3) },
      }),
    ).toThrow('state "w" changed its shape from [3] to [3, 1]');
  });

  it('follows gradients and straight-through estimators', async () => {
    const round = tf.customGrad((x) => ({
      value: tf.round(x as tf.Tensor),
      gradFunc: (dy) => [dy as tf.Tensor],
    }));
    const graph = traced((x) => tf.grad((y: tf.Tensor) => tf.sum(tf.square(round(y))))(x));
    const x = { shape: [1, 4], dtype: 'float32' as const, values: Float32Array.of(0.4, 0.6, 1.5, 2.5) };
    const { 'out/y': y } = await runOnnx(emitOnnx(graph, { name: 'ste' }), { 'in/x': x }, 1);
    expect([...y!.values]).toEqual([0, 2, 4, 4]);
  });

  it('keeps an LSTM one node until it is lowered', () => {
    const graph = trace(
      (state, { x }) => ({ outputs: { y: lstm(x!, state['k']!, state['r']!, state['b']!) } }),
      { inputs: { x: rows(5, 3) }, state: { k: fixed(3, 8), r: fixed(2, 8), b: fixed(8) } },
    );
    expect(graph.nodes.filter((node) => node.op === 'Lstm')).toHaveLength(1);
    expect(optimise(graph).nodes.some((node) => node.op === 'Lstm')).toBe(false);
  });
});

describe('seededUniform', () => {
  const noise = trace((_state, { x, seed }) => ({ outputs: { y: seededUniform(x!.shape, seed!, 3) } }), {
    inputs: { x: rows(1000), seed: { shape: [], dtype: 'int32' } },
  });
  const draw = async (seed: number) => {
    const x = { shape: [4, 1000], dtype: 'float32' as const, values: new Float32Array(4000) };
    const feeds = {
      'in/x': x,
      'in/seed': { shape: [], dtype: 'int32' as const, values: Int32Array.of(seed) },
    };
    return (await runOnnx(emitOnnx(bindBatch(noise, 4), { name: 'noise' }), feeds, 4))['out/y']!
      .values as Float32Array;
  };

  it('gives the eager numbers, others for another seed, uniform in [0, 1)', async () => {
    const first = await draw(7);
    expect([...first]).toEqual([...seededUniform([4, 1000], tf.scalar(7, 'int32'), 3).dataSync()]);
    expect([...(await draw(8))]).not.toEqual([...first]);
    const mean = first.reduce((a, b) => a + b) / first.length;
    const variance = first.reduce((a, b) => a + (b - mean) ** 2, 0) / first.length;
    expectClose([mean, variance], [0.5, 1 / 12], { absolute: 0.015 });
    expect(Math.max(...first)).toBeLessThan(1);
  });
});

describe('freeze', () => {
  const graph = trace((state, { x }) => ({ outputs: { y: tf.add(x!, state['b']!) } }), {
    inputs: { x: rows(2) },
    state: { b: fixed(2) },
  });

  it('turns state into constants', () => {
    expect(freeze(graph, { b: Float32Array.of(1, 2) }).state).toEqual([]);
  });

  it('leaves no constant of state that nothing reads', () => {
    const signature = { inputs: { x: rows(2) }, state: { b: fixed(2), idle: fixed(3) } };
    const both = trace((state, { x }) => ({ outputs: { y: tf.add(x!, state['b']!) } }), signature);
    const frozen = freeze(both, { b: Float32Array.of(1, 2), idle: new Float32Array(3) });
    expect(frozen.nodes.filter(({ op }) => op === 'Const')).toHaveLength(1);
  });

  it('names what is missing or of another size', () => {
    expect(() => freeze(graph, {})).toThrow('no weights for "b"');
    expect(() => freeze(graph, { b: new Float32Array(3) })).toThrow(
      'weights "b" have 3 elements, expected 2',
    );
  });
});
