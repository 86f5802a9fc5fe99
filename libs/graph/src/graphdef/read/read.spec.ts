import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describeWithFixture, expectClose, fixturePath, goldenNpy } from '@hep/test-support';
import type { GraphDefFunction, ValueType } from '../../index.ts';
import { emitGraphDef, emitOnnx, optimise, readGraphDef, tf, trace } from '../../index.ts';
import { opCases } from '../../testing/op-cases.ts';
import { operandValues, traceCase } from '../../testing/case-data.ts';
import type { TestArray } from '../../testing/run-onnx.ts';
import { runOnnx } from '../../testing/run-onnx.ts';
import { GraphDef } from '../schema.ts';
import { GraphDefError } from './errors.ts';

beforeAll(() => tf.setBackend('cpu'));

type Arrays = Readonly<Record<string, TestArray>>;

function runEagerly(graph: GraphDefFunction, arrays: Arrays): Float32Array {
  return tf.tidy(() => {
    const inputs = Object.entries(arrays).map(([name, { values, shape, dtype }]) => [
      name,
      tf.tensor(values, [...shape], dtype),
    ]);
    return graph.run(Object.fromEntries(inputs))[graph.outputs[0]!]!.dataSync<'float32'>();
  });
}

/** The graph traced and compiled once, as a function of arrays. */
function onOnnxRuntime(
  graph: GraphDefFunction,
): (arrays: Arrays, batch: number) => Promise<ArrayLike<number>> {
  const traced = trace((_state, inputs) => ({ outputs: { result: graph.run(inputs)[graph.outputs[0]!]! } }), {
    inputs: graph.signature(),
  });
  const onnx = emitOnnx(optimise(traced), { name: 'read' });
  return async (arrays, batch) => {
    const feeds = Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`in/${name}`, array]));
    return (await runOnnx(onnx, feeds, batch))['out/result']!.values;
  };
}

describe('reading what emitGraphDef writes', () => {
  const cases = opCases.filter(({ trainingOnly }) => trainingOnly !== true);

  it.each(cases.map((opCase) => [opCase.name, opCase] as const))('%s', async (_name, opCase) => {
    const graph = readGraphDef(emitGraphDef(optimise(traceCase(opCase))).bytes);
    const compiled = onOnnxRuntime(graph);
    for (const batch of [1, 5]) {
      const operands = operandValues(opCase, batch, 3 * batch);
      const arrays = Object.fromEntries(operands.map((array, index) => [`operand${index}`, array]));
      const expected = tf.tidy(() =>
        (opCase.eagerOracle ?? opCase.run)(
          ...operands.map(({ values, shape, dtype }) => tf.tensor(values, [...shape], dtype)),
        ).dataSync(),
      );
      const tolerance = { relative: opCase.tolerance ?? 1e-5, absolute: opCase.tolerance ?? 1e-5 };
      expectClose(runEagerly(graph, arrays), expected, tolerance, `${opCase.name}, eager`);
      expectClose(await compiled(arrays, batch), expected, tolerance, `${opCase.name}, traced`);
    }
  });
});

/** Networks of CMSSW, whose batch is fixed at 1: input and expected output of every row. */
const published = [
  { file: 'encoder_2elinks', input: '2_image', output: '2_latent', tolerance: 0 },
  { file: 'encoder_5elinks', input: '5_image', output: '5_latent', tolerance: 0 },
  { file: 'decoder_2elinks', input: '2_decoder_in', output: '2_decoded', tolerance: 1e-6 },
  { file: 'decoder_5elinks', input: '5_decoder_in', output: '5_decoded', tolerance: 1e-6 },
];

function rowsOf(name: string): TestArray[] {
  const { shape, values } = goldenNpy('interop', `cmssw_${name}.npy`);
  const size = values.length / shape[0]!;
  return Array.from({ length: shape[0]! }, (_, row) => ({
    shape: [1, ...shape.slice(1)],
    dtype: 'float32',
    values: Float32Array.from(values.subarray(row * size, (row + 1) * size)),
  }));
}

describeWithFixture(['ecoder-keras', 'cmssw_encoder_2elinks.pb'], 'networks that CMSSW loads', () => {
  it.each(published)('$file gives the numbers of TensorFlow', async ({ file, input, output, tolerance }) => {
    const graph = readGraphDef(readFileSync(fixturePath('ecoder-keras', `cmssw_${file}.pb`)));
    expect(graph.outputs).toEqual(['Identity']);
    const compiled = onOnnxRuntime(graph);
    const expected = rowsOf(output);
    for (const [row, x] of rowsOf(input).entries()) {
      const what = `${file}, row ${row}`;
      expectClose(runEagerly(graph, { x }), expected[row]!.values, { absolute: tolerance }, what);
      expectClose(await compiled({ x }, 1), expected[row]!.values, { absolute: tolerance }, what);
    }
  });

  it('takes one row, as the file says', () => {
    const graph = readGraphDef(readFileSync(fixturePath('ecoder-keras', 'cmssw_encoder_5elinks.pb')));
    expect(() => graph.run({ x: tf.zeros([2, 8, 8, 1]) })).toThrow(
      'input "x" has shape [2, 8, 8, 1]; expected [1, 8, 8, 1]',
    );
  });
});

const image: ValueType = { shape: [{ batch: 1 }, 3], dtype: 'float32' };

/** A small network, so that every length can be tried. */
const small = emitGraphDef(
  optimise(
    trace(
      (_state, { x }) => ({
        outputs: {
          Identity: tf.relu(tf.add(tf.matMul(x as tf.Tensor2D, tf.ones([3, 2])), tf.tensor1d([0.5, -1]))),
        },
      }),
      { inputs: { x: image } },
    ),
  ),
).bytes;

/** Reads and runs bytes; anything but a result or one line of GraphDefError fails the test. */
function surviving(bytes: Uint8Array): 'read' | 'refused' {
  try {
    const graph = readGraphDef(bytes);
    graph.run(Object.fromEntries(graph.placeholders.map(({ name }) => [name, tf.ones([2, 3])])));
    return 'read';
  } catch (error) {
    expect(error).toBeInstanceOf(GraphDefError);
    expect((error as Error).message).toMatch(/^[^\n]{5,1000}$/);
    return 'refused';
  }
}

describe('damaged graphs', () => {
  it('are refused at every length but the whole', () => {
    const whole = Array.from({ length: small.length + 1 }, (_, length) => length).filter(
      (length) => surviving(small.slice(0, length)) === 'read',
    );
    expect(whole).toEqual([small.length]);
  });

  it('end in one line whichever bytes are wrong', () => {
    const flip = fc.record({ at: fc.nat(small.length - 1), to: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(flip, { minLength: 1, maxLength: 6 }), (flips) => {
        const bytes = Uint8Array.from(small);
        for (const { at, to } of flips) bytes[at] = to;
        surviving(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  it('end in one line for any bytes at all', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void surviving(bytes)));
    surviving(new Uint8Array(200_000).fill(0x0b));
  });
});

interface Node {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, unknown>>;
}

const encode = (...node: Node[]) => GraphDef.encode(GraphDef.fromObject({ node, versions: {} })).finish();
const placeholder: Node = {
  name: 'x',
  op: 'Placeholder',
  attr: { dtype: { type: 1 }, shape: { shape: { dim: [{ size: -1 }, { size: 3 }] } } },
};
const constant = (name: string, values: readonly number[], shape: readonly number[], dtype = 3): Node => ({
  name,
  op: 'Const',
  attr: {
    value: {
      tensor: {
        dtype,
        tensor_shape: { dim: shape.map((size) => ({ size })) },
        [dtype === 1 ? 'float_val' : 'int_val']: values,
      },
    },
  },
});

describe('graphs that cannot run', () => {
  const run = (...nodes: Node[]) => readGraphDef(encode(placeholder, ...nodes)).run({ x: tf.ones([2, 3]) });

  it.each<[string, string, Node[]]>([
    [
      'unknown operation',
      'operation "Qr" of node "a" is not supported',
      [{ name: 'a', op: 'Qr', input: ['x'] }],
    ],
    [
      'missing operand',
      'node "b", which node "a" needs, is missing',
      [{ name: 'a', op: 'Relu', input: ['b'] }],
    ],
    [
      'cycle',
      'the graph has a cycle through "a"',
      [
        { name: 'a', op: 'Relu', input: ['b'] },
        { name: 'b', op: 'Relu', input: ['a'] },
        { name: 'c', op: 'Relu', input: ['a'] },
      ],
    ],
    ['only a cycle', 'there is no output', [{ name: 'a', op: 'Relu', input: ['a'] }]],
    ['two of a name', 'two nodes have the name "a"', [constant('a', [1], []), constant('a', [1], [])]],
    [
      'shapes that do not fit',
      'node "a" (AddV2): shapes [2, 3] and [2] do not broadcast',
      [constant('c', [1, 2], [2], 1), { name: 'a', op: 'AddV2', input: ['x', 'c'] }],
    ],
    [
      'result that is not there',
      'node "c" has no result 1',
      [constant('c', [1], []), { name: 'a', op: 'Neg', input: ['c:1'] }],
    ],
    [
      'absurd size',
      'node "a" (Fill): would make a tensor of shape [100000, 100000]',
      [constant('s', [100000], [2]), constant('v', [1], []), { name: 'a', op: 'Fill', input: ['s', 'v'] }],
    ],
    [
      'shape from the values of an input',
      'node "a" (Reshape): operand 1 depends on the values of an input',
      [{ name: 'a', op: 'Reshape', input: ['x', 'x'] }],
    ],
    [
      'constant that is too short',
      'node "a" (Const): a constant has 3 numbers; its shape needs 2',
      [constant('a', [1, 2, 3], [2])],
    ],
    ['double precision', 'node "a" (Const): type 2 is not supported', [constant('a', [], [], 2)]],
  ])('%s', (_name, message, nodes) => {
    expect(() => run(...nodes)).toThrow(message);
    expect(() => run(...nodes)).toThrow(GraphDefError);
  });

  it('reads long chains without a deep stack, and constants whose last number repeats', () => {
    const chain = Array.from({ length: 5000 }, (_, i) => ({
      name: `n${i}`,
      op: 'Neg',
      input: [i === 0 ? 'c' : `n${i - 1}`],
    }));
    const { n4999 } = run(constant('c', [7], [3], 1), ...[...chain].reverse());
    expect([...n4999!.dataSync()]).toEqual([7, 7, 7]);
  });

  it('runs only what the outputs need', () => {
    const bytes = encode(
      placeholder,
      { name: 'odd', op: 'Qr', input: ['x'] },
      { name: 'y', op: 'Neg', input: ['x'] },
    );
    const { y } = readGraphDef(bytes, ['y']).run({ x: tf.ones([1, 3]) });
    expect([...y!.dataSync()]).toEqual([-1, -1, -1]);
  });

  it('does not fill the memory for a small file', () => {
    const wide = (name: string) => ({ name, op: 'Fill', input: ['s', 'v'] });
    const names = Array.from({ length: 9 }, (_, i) => `wide${i}`);
    const nodes = [constant('s', [2 ** 13, 2 ** 12], [2]), constant('v', [1], []), ...names.map(wide)];
    const graph = readGraphDef(encode(placeholder, ...nodes, { name: 'all', op: 'Pack', input: names }));
    expect(() =>
      trace((_state, inputs) => ({ outputs: graph.run(inputs) }), { inputs: { x: image } }),
    ).toThrow('node "wide7" (Fill): the graph makes more numbers than a network of this kind has use for');
  });

  it('refuses graphs with functions', () => {
    const message = { node: [placeholder], library: { function: [Buffer.from([1])] } };
    const bytes = GraphDef.encode(GraphDef.fromObject(message)).finish();
    expect(() => readGraphDef(bytes)).toThrow('the graph calls 1 functions of its own');
  });
});

describe('gradients', () => {
  it('stop where the graph says so', () => {
    const graph = readGraphDef(
      encode(
        placeholder,
        { name: 'stopped', op: 'StopGradient', input: ['x'] },
        { name: 'y', op: 'Mul', input: ['x', 'stopped'] },
      ),
    );
    const gradient = tf.grad((x) => graph.run({ x })['y']!)(tf.fill([1, 3], 5));
    expect([...gradient.dataSync()]).toEqual([5, 5, 5]);
  });
});
