/** Replaces nodes by what they are made of, written as tfjs functions and traced in their place. */
import type { Attributes, Graph, GraphNode } from '../ir.ts';
import type { tf } from '../tfjs.ts';
import { trace } from '../trace.ts';
import { columnSum } from './column-sums.ts';
import { composites } from './composites.ts';
import { pointwiseConvolutions } from './pointwise-convolution.ts';
import { Rewriter } from './rewrite.ts';
import { turnedProduct } from './tall-products.ts';

/** Writes results of a node with other operations. */
type Expansion = (inputs: readonly tf.Tensor[]) => tf.Tensor[];

/** Rewrites every composite node (LSTM, pooling gradients, resizing); other nodes stay. */
export function lowerComposites(graph: Graph): Graph {
  return expand(graph, (node) => {
    const composite = composites.get(node.op);
    return composite && ((inputs) => composite(inputs, node.attributes));
  });
}

/**
 * Rewrites convolutions with kernels of one pixel and sums over all rows as matrix products, and tall products as others
 * that are faster; other nodes stay. Needs a bound batch.
 */
export function lowerToProducts(graph: Graph): Graph {
  return expand(graph, (node) =>
    isPointwise(node)
      ? pointwiseConvolutions.get(node.op)
      : (columnSum(graph, node) ?? turnedProduct(graph, node)),
  );
}

function isPointwise(node: GraphNode): boolean {
  const { kernel, strides, pads } = node.attributes as Record<string, readonly number[] | undefined>;
  return (
    kernel !== undefined &&
    [...kernel, ...strides!].every((size) => size === 1) &&
    pads!.every((pad) => pad === 0)
  );
}

function expand(graph: Graph, expansionOf: (node: GraphNode) => Expansion | undefined): Graph {
  const rewriter = new Rewriter(graph);
  const bodies = new Map<string, Graph>();
  for (const node of graph.nodes) {
    const expansion = expansionOf(node);
    if (expansion === undefined) {
      rewriter.keep(node);
      continue;
    }
    const kind = kindOf(graph, node);
    const body = bodies.get(kind) ?? bodyOf(graph, node, expansion);
    bodies.set(kind, body);
    inline(rewriter, node, body);
  }
  return rewriter.finish();
}

/** Nodes of the same kind have the same body: layers that are applied several times are traced once. */
function kindOf(graph: Graph, { op, attributes, inputs, outputs }: GraphNode): string {
  return JSON.stringify([op, attributes, [...inputs, ...outputs].map((value) => graph.types[value])]);
}

function bodyOf(graph: Graph, node: GraphNode, expansion: Expansion): Graph {
  const inputs = Object.fromEntries(
    node.inputs.map((input, index) => [`input${index}`, graph.types[input]!]),
  );
  return trace(
    (_state, tensors) => {
      const results = expansion(Object.values(tensors));
      return { outputs: Object.fromEntries(results.map((result, index) => [`output${index}`, result])) };
    },
    { inputs },
  );
}

function inline(rewriter: Rewriter, node: GraphNode, body: Graph): void {
  const values = new Map<number, number>();
  body.inputs.forEach((input, index) => values.set(input.value, rewriter.current(node.inputs[index]!)));
  for (const inner of body.nodes) {
    const layer = node.layer;
    const attributes: Attributes = inner.attributes;
    const outputs = inner.outputs.map((output) => {
      rewriter.types.push(body.types[output]!);
      values.set(output, rewriter.types.length - 1);
      return rewriter.types.length - 1;
    });
    rewriter.nodes.push({
      op: inner.op,
      inputs: inner.inputs.map((input) => values.get(input)!),
      outputs,
      attributes,
      layer,
    });
  }
  node.outputs.forEach((output, index) => rewriter.replace(output, values.get(body.outputs[index]!.value)!));
}
