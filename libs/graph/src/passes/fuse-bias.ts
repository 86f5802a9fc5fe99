/**
 * Sums that follow a matrix product or a convolution become its third operand: one node and one pass over memory
 * less. Only ONNX has such nodes, so engines apply this and exports do not.
 */
import type { Graph, GraphNode, ValueId } from '../ir.ts';
import { concreteShape } from '../ir.ts';
import { makers, useCounts } from './rewrite.ts';

const fusedNames: ReadonlyMap<string, string> = new Map([
  ['BatchMatMul', 'MatMulBias'],
  ['Conv2D', 'Conv2DBias'],
  ['Conv2DBackpropInput', 'Conv2DBackpropInputBias'],
]);

/** Rewrites Add(product, bias), also through a reshape, where nobody else reads the product; needs a bound batch. */
export function fuseBias(graph: Graph): Graph {
  const made = makers(graph);
  const uses = useCounts(graph);
  const absorbed = new Set<GraphNode>();
  const rewritten = new Map<GraphNode, readonly GraphNode[]>();
  const onlyUse = (value: ValueId): GraphNode | undefined => {
    const maker = uses.get(value) === 1 ? made.get(value) : undefined;
    return maker !== undefined && !absorbed.has(maker) ? maker : undefined;
  };
  for (const sum of graph.nodes) {
    if (sum.op !== 'Add') continue;
    for (const operand of [0, 1]) {
      const fusion = fusionOf(graph, sum, operand, onlyUse);
      if (fusion === undefined) continue;
      fusion.absorbed.forEach((node) => absorbed.add(node));
      rewritten.set(sum, fusion.nodes);
      break;
    }
  }
  return {
    ...graph,
    nodes: graph.nodes.filter((node) => !absorbed.has(node)).flatMap((node) => rewritten.get(node) ?? [node]),
  };
}

interface Fusion {
  readonly absorbed: readonly GraphNode[];
  readonly nodes: readonly GraphNode[];
}

function fusionOf(
  graph: Graph,
  sum: GraphNode,
  operand: number,
  onlyUse: (value: ValueId) => GraphNode | undefined,
): Fusion | undefined {
  const addend = sum.inputs[1 - operand]!;
  const maker = onlyUse(sum.inputs[operand]!);
  if (maker === undefined) return undefined;
  const reshape = maker.op === 'Reshape' ? maker : undefined;
  const product = reshape === undefined ? maker : onlyUse(reshape.inputs[0]!);
  if (product === undefined || !suits(graph, product, addend, reshape?.outputs[0])) return undefined;
  const outputs = reshape === undefined ? sum.outputs : product.outputs;
  const fused: GraphNode = {
    ...product,
    op: fusedNames.get(product.op)!,
    inputs: [...product.inputs, addend],
    outputs,
  };
  if (reshape === undefined) return { absorbed: [product], nodes: [fused] };
  return { absorbed: [product, reshape], nodes: [fused, { ...reshape, outputs: sum.outputs }] };
}

/** Whether a product can take the addend as its third operand; behind a reshape only a bias along the last axis. */
function suits(graph: Graph, product: GraphNode, addend: ValueId, reshaped: ValueId | undefined): boolean {
  if (!fusedNames.has(product.op)) return false;
  const shapeOf = (value: ValueId) => concreteShape(graph.types[value]!);
  const shape = shapeOf(product.outputs[0]!);
  const other = shapeOf(addend);
  const channels = shape[shape.length - 1];
  const keepsChannels = reshaped === undefined || shapeOf(reshaped).at(-1) === channels;
  const isBias = other.length === 1 && other[0] === channels && keepsChannels;
  if (product.op !== 'BatchMatMul') return isBias;
  const isMatrix =
    reshaped === undefined &&
    other.length === 2 &&
    other[0] === shape[0] &&
    (other[1] === shape[1] || other[1] === 1);
  return shape.length === 2 && (isBias || isMatrix);
}
