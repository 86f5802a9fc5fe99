/**
 * Local algebra: chains of reshapes and transposes, additions of zero, products with one, constants that
 * are the same everywhere.
 */
import type { Graph, GraphNode, ValueId, ValueType } from '../ir.ts';
import { inversePermutation } from '../table/row.ts';
import { Rewriter } from './rewrite.ts';

type Makers = Map<ValueId, GraphNode>;

const sameShape = (a: ValueType, b: ValueType) => JSON.stringify(a.shape) === JSON.stringify(b.shape);

/** The number that a Fill node repeats, or undefined. */
function fillValue(maker: GraphNode | undefined): number | undefined {
  return maker?.op === 'Fill' ? (maker.attributes['value'] as number) : undefined;
}

/** One pass over the graph; callers repeat it until nothing changes. */
export function simplify(graph: Graph): Graph {
  const rewriter = new Rewriter(graph);
  const made: Makers = new Map();
  for (const original of graph.nodes) {
    const node = { ...original, inputs: original.inputs.map((input) => rewriter.current(input)) };
    const shortcut = sameValue(node, graph.types, made);
    if (shortcut !== undefined) {
      rewriter.replace(node.outputs[0]!, shortcut);
      continue;
    }
    const better = rewritten(node, graph.types, made);
    rewriter.nodes.push(better);
    better.outputs.forEach((output) => made.set(output, better));
  }
  return rewriter.finish();
}

/** An existing value that the node merely repeats. */
function sameValue(node: GraphNode, types: readonly ValueType[], made: Makers): ValueId | undefined {
  const output = types[node.outputs[0]!]!;
  const [a, b] = node.inputs;
  const fits = (value: ValueId) => sameShape(types[value]!, output) && types[value]!.dtype === output.dtype;
  const fillA = a === undefined ? undefined : fillValue(made.get(a));
  const fillB = b === undefined ? undefined : fillValue(made.get(b));
  switch (node.op) {
    case 'Add':
      if (fillB === 0 && fits(a!)) return a;
      return fillA === 0 && fits(b!) ? b : undefined;
    case 'Sub':
      return fillB === 0 && fits(a!) ? a : undefined;
    case 'Multiply':
      if (fillB === 1 && fits(a!)) return a;
      return fillA === 1 && fits(b!) ? b : undefined;
    case 'RealDiv':
      return fillB === 1 && fits(a!) ? a : undefined;
    case 'AddN':
      return node.inputs.length === 1 ? a : undefined;
    case 'PadV2':
      return fits(a!) ? a : undefined;
    case 'Reshape': {
      const inner = made.get(a!);
      const source = inner?.op === 'Reshape' ? inner.inputs[0]! : a!;
      return sameShape(types[source]!, output) ? source : undefined;
    }
    case 'Transpose': {
      const inner = made.get(a!);
      if (inner?.op !== 'Transpose') return undefined;
      const undone = inversePermutation(inner.attributes['perm'] as number[]);
      return JSON.stringify(undone) === JSON.stringify(node.attributes['perm']) ? inner.inputs[0] : undefined;
    }
    default:
      return undefined;
  }
}

/** The same node in a cheaper form. */
function rewritten(node: GraphNode, types: readonly ValueType[], made: Makers): GraphNode {
  const inner = node.inputs.length > 0 ? made.get(node.inputs[0]!) : undefined;
  switch (node.op) {
    case 'Reshape':
    case 'Tile':
      if (inner?.op === 'Fill') return { ...node, op: 'Fill', inputs: [], attributes: inner.attributes };
      if (node.op === 'Reshape' && inner?.op === 'Reshape') return { ...node, inputs: inner.inputs };
      return node;
    case 'Transpose': {
      if (inner?.op !== 'Transpose') return node;
      const outer = node.attributes['perm'] as number[];
      const first = inner.attributes['perm'] as number[];
      return { ...node, inputs: inner.inputs, attributes: { perm: outer.map((axis) => first[axis]!) } };
    }
    case 'Add':
    case 'Sub':
    case 'Multiply':
    case 'RealDiv':
    case 'Maximum':
    case 'Minimum':
      return foldFills(node, types, made);
    default:
      return node;
  }
}

const folds: Record<string, (a: number, b: number) => number> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Multiply: (a, b) => a * b,
  RealDiv: (a, b) => a / b,
  Maximum: Math.max,
  Minimum: Math.min,
};

/** Arithmetic of two uniform float constants, rounded as float32 arithmetic rounds. */
function foldFills(node: GraphNode, types: readonly ValueType[], made: Makers): GraphNode {
  const [a, b] = node.inputs.map((input) => fillValue(made.get(input)));
  if (a === undefined || b === undefined || types[node.outputs[0]!]!.dtype !== 'float32') return node;
  const value = Math.fround(folds[node.op]!(Math.fround(a), Math.fround(b)));
  return { ...node, op: 'Fill', inputs: [], attributes: { value } };
}
