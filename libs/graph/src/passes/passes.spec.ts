import { expectClose } from '@hep/test-support';
import { bindBatch, emitOnnx, optimise, partition, tf, trace, withoutReductions } from '../index.ts';
import type { Graph } from '../index.ts';
import { allReduceMean } from '../ops.ts';
import { runOnnx } from '../testing/run-onnx.ts';
import { eliminateDeadCode, shareSubexpressions } from './eliminate.ts';
import { simplify } from './simplify.ts';

beforeAll(() => tf.setBackend('cpu'));

const graphOf = (run: (x: tf.Tensor) => tf.Tensor): Graph =>
  trace((_state, { x }) => ({ outputs: { y: run(x!) } }), {
    inputs: { x: { shape: [{ batch: 1 }, 4], dtype: 'float32' } },
  });

const operations = (graph: Graph) => graph.nodes.map((node) => node.op).sort();

describe('passes', () => {
  it('drop what nobody reads', () => {
    const graph = graphOf((x) => {
      tf.exp(x);
      return tf.relu(x);
    });
    expect(operations(eliminateDeadCode(graph))).toEqual(['Relu']);
  });

  it('compute equal things once, but not reshapes to different shapes', () => {
    const graph = graphOf((x) => tf.add(tf.exp(x), tf.exp(x)));
    expect(operations(eliminateDeadCode(shareSubexpressions(graph)))).toEqual(['Add', 'Exp']);
    const shapes = graphOf((x) => tf.add(tf.sum(tf.reshape(x, [-1, 2])), tf.sum(tf.reshape(x, [-1, 1]))));
    expect(operations(shareSubexpressions(shapes)).filter((op) => op === 'Reshape')).toHaveLength(2);
  });

  it('remove neutral elements and undone transposes', () => {
    const neutral = graphOf((x) => tf.add(tf.mul(x, tf.onesLike(x)), tf.zerosLike(x)));
    expect(operations(optimise(neutral))).toEqual([]);
    const twice = graphOf((x) => tf.relu(tf.transpose(tf.transpose(x, [1, 0]), [1, 0])));
    expect(operations(eliminateDeadCode(simplify(twice)))).toEqual(['Relu']);
  });

  it('never store a uniform constant element by element', () => {
    const graph = optimise(graphOf((x) => tf.mul(x, tf.reshape(tf.fill([4], 3), [1, 4]))));
    expect(graph.nodes.some((node) => node.op === 'Const')).toBe(false);
  });
});

describe('partition', () => {
  const step = optimise(
    trace(
      (state, { x }) => {
        const [mean] = allReduceMean([tf.mean(tf.mul(x!, state['w']!))] as const);
        const next = tf.add(state['w']!, mean);
        const [spread] = allReduceMean([tf.mean(tf.square(tf.sub(tf.mul(x!, next), mean)))] as const);
        return { outputs: { mean, spread }, state: { w: tf.add(next, spread) } };
      },
      {
        inputs: { x: { shape: [{ batch: 1 }, 2], dtype: 'float32' } },
        state: { w: { shape: [2], dtype: 'float32' } },
      },
    ),
  );

  it('cuts at every average and gives the numbers of the whole', async () => {
    const segments = partition(step);
    expect(segments.map((segment) => segment.exchanged)).toEqual([1, 1, 0]);
    const x = { shape: [3, 2], dtype: 'float32' as const, values: Float32Array.of(1, -2, 3, 0.5, 2, -1) };
    const w = { shape: [2], dtype: 'float32' as const, values: Float32Array.of(0.5, 2) };
    const whole = await runOnnx(
      emitOnnx(bindBatch(optimise(withoutReductions(step)), 3), { name: 'whole' }),
      { 'in/x': x, 'state/w': w },
      3,
    );
    const known: Record<string, (typeof whole)[string]> = { 'in/x': x, 'state/w': w };
    for (const { graph } of segments) {
      const names = [
        ...graph.inputs.map(({ name }) => `in/${name}`),
        ...graph.state.map(({ name }) => `state/${name}`),
      ];
      const feeds = Object.fromEntries(names.map((name) => [name, known[name]!]));
      const results = await runOnnx(emitOnnx(bindBatch(graph, 3), { name: 'part' }), feeds, 3);
      for (const [name, value] of Object.entries(results)) {
        known[name === 'out/exchange' ? 'in/reduced' : name.replace('out/carried', 'in/carried')] = value;
      }
    }
    for (const name of ['out/mean', 'out/spread', 'next/w']) {
      expectClose(known[name]!.values, whole[name]!.values, { relative: 1e-6 }, name);
    }
  });

  it('refuses results that replicas would not share', () => {
    const careless = graphOf((x) => tf.mean(x));
    expect(() => partition(careless)).toThrow('"y" would differ between replicas');
  });
});
