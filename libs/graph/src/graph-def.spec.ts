import { emitGraphDef, flopsByLayer, layerScope, optimise, tf, trace } from './index.ts';
import { GraphDef } from './graphdef/schema.ts';

const dense = optimise(
  trace(
    (_state, { image }) => ({
      outputs: {
        code: layerScope('encoder', () =>
          tf.relu(tf.add(tf.matMul(image as tf.Tensor2D, tf.ones([3, 2])), tf.tensor1d([0.5, -1]))),
        ),
      },
    }),
    { inputs: { image: { shape: [{ batch: 1 }, 3], dtype: 'float32' } } },
  ),
);

interface DecodedNode {
  name: string;
  op: string;
  input?: string[];
}

describe('GraphDef', () => {
  it('has the names that were asked for and no others at its ends', () => {
    const { bytes } = emitGraphDef(dense, { inputs: { image: 'x' }, outputs: { code: 'Identity' } });
    const { node } = GraphDef.toObject(GraphDef.decode(bytes)) as { node: DecodedNode[] };
    expect(node[0]).toMatchObject({ name: 'x', op: 'Placeholder' });
    expect(node.at(-1)).toMatchObject({ name: 'Identity', op: 'Identity' });
    const defined = new Set(node.map(({ name }) => name));
    expect(node.flatMap(({ input = [] }) => input).filter((name) => !defined.has(name))).toEqual([]);
    expect(node.filter(({ op }) => op === 'MatMul').map(({ name }) => name)).toEqual(['encoder/MatMul']);
  });

  it('refuses the same name at both ends', () => {
    expect(() => emitGraphDef(dense, { inputs: { image: 'a' }, outputs: { code: 'a' } })).toThrow(
      'placeholder and output have the same name "a"',
    );
  });

  it('writes the text format with escaped bytes', () => {
    const { text } = emitGraphDef(dense);
    expect(text).toContain('node {\n  name: "image"\n  op: "Placeholder"\n');
    expect(text).toContain('type: DT_FLOAT');
    expect(text).toContain('tensor_content: "\\000\\000\\000?\\000\\000\\200\\277"');
    expect(text).toMatch(/versions \{\n {2}producer: 1482\n\}\n$/);
  });
});

describe('flopsByLayer', () => {
  it('counts products, sums and biases as TensorFlow does', () => {
    expect(flopsByLayer(dense)).toEqual(new Map([['encoder', 2 * 3 * 2 + 2]]));
  });
});
