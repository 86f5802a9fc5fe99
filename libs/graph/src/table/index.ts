/** The op table: the only place that knows an operation. */
import { arrangementRows } from './arrangement.ts';
import { compositeRows } from './composite.ts';
import { constantRows } from './constants.ts';
import { convolutionRows } from './convolution.ts';
import { elementwiseRows } from './elementwise.ts';
import { extentRows } from './extent.ts';
import { hostRows } from './host.ts';
import { indexingRows } from './indexing.ts';
import { matMulRows } from './mat-mul.ts';
import { poolingRows } from './pooling.ts';
import { reductionRows } from './reduction.ts';
import type { Graph, GraphNode, ValueId } from '../ir.ts';
import type { NodeView, OpRow } from './row.ts';

/** All operations by name. */
export const opTable: ReadonlyMap<string, OpRow> = new Map([
  ...elementwiseRows,
  ...reductionRows,
  ...arrangementRows,
  ...extentRows,
  ...indexingRows,
  ...constantRows,
  ...matMulRows,
  ...convolutionRows,
  ...poolingRows,
  ...compositeRows,
  ...hostRows,
]);

/** The row of an operation. Throws when there is none. */
export function rowOf(op: string): OpRow {
  const row = opTable.get(op);
  if (row === undefined) throw new Error(`operation ${op} has no row in the op table`);
  return row;
}

/** A node as its row sees it; without `names` its inputs are unnamed. */
export function viewOf(graph: Graph, node: GraphNode, names?: ReadonlyMap<ValueId, string>): NodeView {
  return {
    op: node.op,
    inputs: names === undefined ? [] : node.inputs.map((input) => names.get(input)!),
    inputTypes: node.inputs.map((input) => graph.types[input]!),
    outputTypes: node.outputs.map((output) => graph.types[output]!),
    attributes: node.attributes,
  };
}
