import { bindBatch, divideUpdate, emitOnnx, optimise, partition, tf, trace } from '../index.ts';
import type { Graph, Segment, Tensors } from '../index.ts';
import { allReduceMean } from '../ops.ts';
import { runOnnx } from '../testing/run-onnx.ts';

beforeAll(() => tf.setBackend('cpu'));

const LENGTH = 20_001;
const ROWS = 3;

const numbers = (length: number, seed: number) =>
  Float32Array.from({ length }, (_, i) => Math.sin(seed + i * (i % 97)));

/** A step with vectors of parameters and momenta; what it makes of them is `update`. */
function segmentOf(update: (state: Tensors, gradient: tf.Tensor, rate: tf.Tensor) => Tensors): Segment {
  const vector = { shape: [LENGTH], dtype: 'float32' as const };
  const scalar = { shape: [], dtype: 'float32' as const };
  const step = trace(
    (state, { x, rate }) => {
      const sum = tf.sum(tf.mul(tf.mean(x!), tf.square(state['w']!)));
      const [spread, gradient, loss] = allReduceMean([tf.mean(x!, 0), tf.sin(state['w']!), sum] as const);
      const next = { ...state, ...update(state, gradient, rate!), moving: tf.mul(spread, 0.1) };
      return { outputs: { loss }, state: next };
    },
    {
      inputs: { x: { shape: [{ batch: 1 }, 4], dtype: 'float32' }, rate: scalar },
      state: { w: vector, momentum: vector, moving: { shape: [4], dtype: 'float32' } },
    },
  );
  return partition(optimise(step)).at(-1)!;
}

const factors = numbers(LENGTH, 5);

const momentum = (state: Tensors, gradient: tf.Tensor, rate: tf.Tensor): Tensors => {
  const next = tf.add(tf.mul(state['momentum']!, 0.9), tf.square(gradient));
  const change = tf.mul(tf.div(gradient, tf.add(tf.sqrt(next), 1e-7)), tf.mul(rate, tf.tensor1d(factors)));
  return { momentum: next, w: tf.sub(state['w']!, change) };
};

const float = (values: Float32Array, shape = [values.length]) => ({
  shape,
  dtype: 'float32' as const,
  values,
});

function run(graph: Graph, state: Readonly<Record<string, Float32Array>>, reduced: Float32Array) {
  const known = { 'in/rate': float(Float32Array.of(0.01), []), 'in/reduced': float(reduced) };
  const given = Object.fromEntries(
    graph.state.map(({ name }) => [`state/${name}`, float(state[name]!)] as const),
  );
  return runOnnx(emitOnnx(bindBatch(optimise(graph), ROWS), { name: 'part' }), { ...known, ...given }, ROWS);
}

describe('an update that is divided', () => {
  const state = { w: numbers(LENGTH, 1), momentum: numbers(LENGTH, 2).map(Math.abs) };
  const reduced = numbers(4 + LENGTH + 1, 3);

  it.each([1, 2, 3])('gives the bits of the whole in %i parts', async (parts) => {
    const segment = segmentOf(momentum);
    const whole = await run(segment.graph, state, reduced);
    const results = { w: [] as number[], momentum: [] as number[] };
    for (let part = 0; part < parts; part++) {
      const { graph, share } = divideUpdate(segment, part, parts)!;
      const { first, end, received } = share!;
      expect([...share!.states].sort()).toEqual(['momentum', 'w']);
      const own = (values: Float32Array) => values.subarray(first, end);
      const averages = received.flatMap((stretch) => [...reduced.subarray(stretch.first, stretch.end)]);
      expect(averages).toHaveLength(4 + end - first + 1);
      const given = { w: own(state.w), momentum: own(state.momentum) };
      const made = await run(graph, given, Float32Array.from(averages));
      results.w.push(...made['next/w']!.values);
      results.momentum.push(...made['next/momentum']!.values);
      for (const name of ['out/loss', 'next/moving']) expect(made[name]).toEqual(whole[name]);
    }
    expect(Float32Array.from(results.w)).toEqual(whole['next/w']!.values);
    expect(Float32Array.from(results.momentum)).toEqual(whole['next/momentum']!.values);
  });

  it.each<[string, typeof momentum]>([
    [
      'a norm of all elements',
      (state, gradient) => ({ w: tf.sub(state['w']!, tf.div(gradient, tf.norm(gradient))) }),
    ],
    [
      'pieces with rules of their own',
      (state, gradient) => {
        const [first, rest] = tf.split(tf.sub(state['w']!, gradient), [1, LENGTH - 1]);
        return { w: tf.concat([tf.relu(first!), rest!]) };
      },
    ],
    ['an average', (state, gradient) => ({ w: tf.sub(tf.mean(state['w']!), gradient) })],
    ['neighbours', (state, gradient) => ({ w: tf.sub(tf.reverse(state['w']!), gradient) })],
  ])('is refused where an element needs %s', (_, update) => {
    expect(divideUpdate(segmentOf(update), 0, 2)).toBeUndefined();
  });
});
