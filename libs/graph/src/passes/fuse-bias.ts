/**
 * Sums that follow a matrix product or a convolution become its third operand: one node and one pass over memory
 * less. Only ONNX has such nodes, so engines apply this and exports do not.
 */
import type { Graph, GraphNode, ValueId } from '../ir.ts';
import { concreteShape, resultsOf } from '../ir.ts';
import { makers } from './rewrite.ts';

const fusedNames: ReadonlyMap<string, string> = new Map([
  ['BatchMatMul', 'MatMulBias'],
  ['Conv2D', 'Conv2DBias'],
  ['Conv2DBackpropInput', 'Conv2DBackpropInputBias'],
]);

/** Rewrites Add(product, bias) where nobody else reads the product; needs a bound batch. */
export function fuseBias(graph: Graph): Graph {
  const made = makers(graph);
  const uses = useCounts(graph);
  const absorbed = new Set<GraphNode>();
  const rewritten = new Map<GraphNode, GraphNode>();
  for (const node of graph.nodes) {
    if (node.op !== 'Add') continue;
    const operand = [0, 1].find((index) => {
      const maker = made.get(node.inputs[index]!);
      return maker !== undefined && !absorbed.has(maker) && canAbsorb(graph, maker, node, index, uses);
    });
    if (operand === undefined) continue;
    const product = made.get(node.inputs[operand]!)!;
    absorbed.add(product);
    rewritten.set(node, {
      op: fusedNames.get(product.op)!,
      inputs: [...product.inputs, node.inputs[1 - operand]!],
      outputs: node.outputs,
      attributes: product.attributes,
      layer: product.layer,
    });
  }
  const nodes = graph.nodes.filter((node) => !absorbed.has(node)).map((node) => rewritten.get(node) ?? node);
  return { ...graph, nodes };
}

function useCounts(graph: Graph): Map<ValueId, number> {
  const counts = new Map<ValueId, number>();
  const used = (value: ValueId) => counts.set(value, (counts.get(value) ?? 0) + 1);
  graph.nodes.forEach((node) => node.inputs.forEach(used));
  resultsOf(graph).forEach(used);
  return counts;
}

function canAbsorb(
  graph: Graph,
  product: GraphNode,
  sum: GraphNode,
  operand: number,
  uses: ReadonlyMap<ValueId, number>,
): boolean {
  if (!fusedNames.has(product.op) || uses.get(product.outputs[0]!) !== 1) return false;
  const shape = concreteShape(graph.types[product.outputs[0]!]!);
  const bias = concreteShape(graph.types[sum.inputs[1 - operand]!]!);
  const isBias = bias.length === 1 && bias[0] === shape[shape.length - 1];
  if (product.op !== 'BatchMatMul') return isBias;
  const isMatrix = bias.length === 2 && bias.every((size, axis) => size === shape[axis]);
  return shape.length === 2 && (isBias || isMatrix);
}
