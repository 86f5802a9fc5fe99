/** What was joined and is cut at the same places again: the pieces themselves. */
import type { Attributes, Dim, Graph, GraphNode, ValueId } from '../ir.ts';
import { makers, Rewriter } from './rewrite.ts';

/** Replaces pieces of concatenations by what they were concatenated from. */
export function undoJoints(graph: Graph): Graph {
  const made = makers(graph);
  const rewriter = new Rewriter(graph);
  for (const node of graph.nodes) {
    const parts = originalParts(graph, node, made.get(node.inputs[0]!));
    if (parts === undefined) rewriter.keep(node);
    else node.outputs.forEach((output, index) => rewriter.replace(output, rewriter.current(parts[index]!)));
  }
  return rewriter.finish();
}

/** Values that equal the outputs of a node, if it cuts a concatenation where that was joined. */
function originalParts(
  graph: Graph,
  node: GraphNode,
  joint: GraphNode | undefined,
): readonly ValueId[] | undefined {
  if (joint?.op !== 'Concat') return undefined;
  const axis = joint.attributes['axis'] as number;
  const sizesOf = (values: readonly ValueId[]) => values.map((value) => graph.types[value]!.shape[axis]!);
  const sizes = sizesOf(joint.inputs);
  if (node.op === 'SplitV') {
    const isSame =
      node.attributes['axis'] === axis && String(sizesOf(node.outputs).map(text)) === String(sizes.map(text));
    return isSame ? joint.inputs : undefined;
  }
  if (node.op !== 'Slice' || !cutsOnly(graph, node, axis)) return undefined;
  const [start] = sizesOf(node.outputs);
  const begin = startsOf(node.attributes)[axis]!;
  const part = sizes.findIndex(
    (size, index) => text(size) === text(start!) && text(begin) === text(sum(sizes.slice(0, index))),
  );
  return part < 0 ? undefined : [joint.inputs[part]!];
}

const startsOf = (attributes: Attributes) => attributes['begin'] as readonly Dim[];

/** Whether a slice takes all of the other axes. */
function cutsOnly(graph: Graph, node: GraphNode, axis: number): boolean {
  const [whole, piece] = [graph.types[node.inputs[0]!]!.shape, graph.types[node.outputs[0]!]!.shape];
  return whole.every((size, index) => index === axis || text(size) === text(piece[index]!));
}

/** A sum of dimensions as a number and a multiple of the batch. */
function sum(dims: readonly Dim[]): Dim {
  const fixed = dims.reduce<number>((total, dim) => total + (typeof dim === 'number' ? dim : 0), 0);
  const batch = dims.reduce<number>((total, dim) => total + (typeof dim === 'number' ? 0 : dim.batch), 0);
  if (batch === 0) return fixed;
  return fixed === 0 ? { batch } : Number.NaN;
}

const text = (dim: Dim) => JSON.stringify(dim);
