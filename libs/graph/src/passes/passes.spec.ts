import { expectClose } from '@hep/test-support';
import {
  bindBatch,
  emitOnnx,
  lowerToProducts,
  optimise,
  partition,
  seededMask,
  tf,
  trace,
  withoutReductions,
} from '../index.ts';
import type { Graph, StepFunction } from '../index.ts';
import { allReduceMean } from '../ops.ts';
import { runOnnx } from '../testing/run-onnx.ts';
import { eliminateDeadCode, shareSubexpressions } from './eliminate.ts';
import { simplify } from './simplify.ts';

beforeAll(() => tf.setBackend('cpu'));

const graphOf = (run: (x: tf.Tensor) => tf.Tensor): Graph =>
  trace((_state, { x }) => ({ outputs: { y: run(x!) } }), {
    inputs: { x: { shape: [{ batch: 1 }, 4], dtype: 'float32' } },
  });

const seed = { shape: [], dtype: 'int32' as const };

const sequence = (length: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * i));

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

describe('tall products', () => {
  const product = (wide: number, narrow: number) =>
    lowerToProducts(
      bindBatch(
        optimise(
          graphOf((x) => tf.matMul(tf.slice(x, 0, [-1, wide]) as tf.Tensor2D, columns(x, narrow), true)),
        ),
        1500,
      ),
    );
  const columns = (x: tf.Tensor, count: number) => tf.square(tf.slice(x, 0, [-1, count])) as tf.Tensor2D;
  const isTurned = (graph: Graph) => {
    const { inputs } = graph.nodes.find((node) => node.op === 'BatchMatMul')!;
    return graph.nodes.find((node) => node.outputs[0] === inputs[0])!.op === 'Square';
  };

  it('transpose the narrower operand and keep their numbers', async () => {
    expect([product(3, 2), product(2, 2), product(2, 3)].map(isTurned)).toEqual([true, true, false]);
    const x = { shape: [1500, 4], dtype: 'float32' as const, values: sequence(6000) };
    const found = await runOnnx(emitOnnx(product(3, 2), { name: 'product' }), { 'in/x': x }, 1500);
    const whole = tf.tensor2d(x.values, [1500, 4]);
    const expected = tf.matMul(tf.slice(whole, 0, [-1, 3]), columns(whole, 2), true);
    expect(found['out/y']!.shape).toEqual([3, 2]);
    expectClose(found['out/y']!.values, expected.dataSync(), { relative: 1e-5 }, 'product');
  });
});

describe('joints', () => {
  const halves = (x: tf.Tensor) => [tf.exp(x), tf.relu(x)] as const;

  it('that are cut where they were joined vanish', () => {
    const split = optimise(graphOf((x) => tf.split(tf.concat([...halves(x)], 0), 2, 0)[1]!));
    expect(operations(split)).toEqual(['Relu']);
    const sliced = optimise(graphOf((x) => tf.slice(tf.concat([...halves(x)], 1), [0, 4], [-1, 4])));
    expect(operations(sliced)).toEqual(['Relu']);
  });

  it('stay where they are cut elsewhere', () => {
    const split = optimise(graphOf((x) => tf.split(tf.concat([...halves(x)], 1), [3, 5], 1)[1]!));
    expect(operations(split)).toContain('SplitV');
    const sliced = optimise(graphOf((x) => tf.slice(tf.concat([...halves(x)], 1), [0, 2], [-1, 4])));
    expect(operations(sliced)).toContain('Slice');
  });
});

describe('gradients through ReLU and dropout', () => {
  const signature = { x: { shape: [{ batch: 1 }, 3, 4], dtype: 'float32' as const }, seed };
  const loss = (x: tf.Tensor, seedTensor: tf.Tensor) => {
    const kernel = tf.tensor2d(
      Array.from({ length: 8 }, (_, i) => 0.3 * i - 1),
      [4, 2],
    );
    const rows = tf.relu(
      tf.reshape(tf.matMul(tf.reshape(x, [x.shape[0]! * 3, 4]), kernel), [x.shape[0]!, 3, 2]),
    );
    const dropped = tf.mul(rows, seededMask([x.shape[0]!, 3, 2], 0.4, seedTensor, 5));
    return tf.sum(tf.square(tf.transpose(dropped, [1, 0, 2])));
  };
  const gradient: StepFunction = (_state, { x, seed: drawn }) => ({
    outputs: { dx: tf.grad((argument: tf.Tensor) => loss(argument, drawn!))(x!) },
  });

  it('read results, so that masks and arguments of ReLU are read once', () => {
    const { nodes } = optimise(trace(gradient, { inputs: signature }));
    const mask = nodes.find((node) => node.op === 'SeededMask')!.outputs[0]!;
    const argument = nodes.find((node) => node.op === 'Relu')!.inputs[0]!;
    for (const value of [mask, argument]) {
      expect(nodes.filter((node) => node.inputs.includes(value))).toHaveLength(1);
    }
  });

  it('have the numbers of the eager gradient', async () => {
    const x = { shape: [5, 3, 4], dtype: 'float32' as const, values: sequence(60) };
    const expected = gradient({}, { x: tf.tensor(x.values, x.shape), seed: tf.scalar(3, 'int32') });
    const onnx = emitOnnx(bindBatch(optimise(trace(gradient, { inputs: signature })), 5), {
      name: 'gradient',
    });
    const found = await runOnnx(onnx, { 'in/x': x, 'in/seed': { ...seed, values: Int32Array.of(3) } }, 5);
    expectClose(found['out/dx']!.values, expected.outputs['dx']!.dataSync(), { absolute: 1e-5 }, 'dx');
  });
});

describe('sums over rows', () => {
  it.each([
    ['sums', tf.sum],
    ['means', tf.mean],
  ] as const)('as %s become products and keep their numbers', async (_, reduce) => {
    const graph = graphOf((x) => reduce(tf.mul(x, x), 0));
    const lowered = lowerToProducts(bindBatch(optimise(graph), 100));
    expect(operations(lowered)).toEqual(['BatchMatMul', 'Fill', 'Multiply', 'Reshape']);
    const x = { shape: [100, 4], dtype: 'float32' as const, values: sequence(400) };
    const found = await runOnnx(emitOnnx(lowered, { name: 'sums' }), { 'in/x': x }, 100);
    const expected = reduce(tf.square(tf.tensor(x.values, x.shape)), 0).dataSync();
    expectClose(found['out/y']!.values, expected, { relative: 1e-6 }, 'sums');
  });

  it('stay where other axes are summed, or few rows', () => {
    const few = bindBatch(
      graphOf((x) => tf.sum(x, 0)),
      3,
    );
    const across = bindBatch(
      graphOf((x) => tf.sum(x, 1)),
      100,
    );
    for (const graph of [few, across]) expect(operations(lowerToProducts(graph))).toContain('Sum');
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

  it('does nothing before the segment that needs it, and carries no reshapes and nothing of the state', () => {
    const graph = optimise(
      trace(
        (state, { x }) => {
          const scale = tf.square(state['w']!);
          const rows = tf.reshape(tf.exp(tf.mul(x!, scale)), [-1, 1]);
          const [first] = allReduceMean([tf.mean(tf.matMul(rows, tf.ones([1, 3])))] as const);
          const [watched] = allReduceMean([tf.mean(tf.sin(x!))] as const);
          const [second] = allReduceMean([tf.mean(tf.mul(rows, first))] as const);
          return { outputs: { watched }, state: { w: tf.mul(scale, second) } };
        },
        {
          inputs: { x: { shape: [{ batch: 1 }, 2], dtype: 'float32' } },
          state: { w: { shape: [2], dtype: 'float32' } },
        },
      ),
    );
    const segments = partition(graph);
    expect(segments.map((segment) => segment.exchanged)).toEqual([1, 2, 0]);
    const has = (op: string) => segments.map((segment) => operations(segment.graph).includes(op));
    expect(has('Sin')).toEqual([false, true, false]);
    expect(has('Square')).toEqual([true, false, true]);
    const carried = segments.map(({ graph: { outputs, types } }) =>
      outputs.filter(({ name }) => name.startsWith('carried/')).map(({ value }) => types[value]!.shape),
    );
    expect(carried).toEqual([[[{ batch: 1 }, 2]], [], []]);
  });

  it('refuses results that replicas would not share', () => {
    const careless = graphOf((x) => tf.mean(x));
    expect(() => partition(careless)).toThrow('"y" would differ between replicas');
  });
});
