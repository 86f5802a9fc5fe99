/** Shared machinery of the passes: rebuilding a graph while values are replaced by others. */
import type { Attributes, Graph, GraphNode, NamedValue, ValueId, ValueType } from '../ir.ts';
import { resultsOf } from '../ir.ts';

/** Builds a new graph node by node; `replace` maps old values to new ones. */
export class Rewriter {
  readonly types: ValueType[];
  readonly nodes: GraphNode[] = [];
  private readonly replaced = new Map<ValueId, ValueId>();

  constructor(private readonly source: Graph) {
    this.types = [...source.types];
  }

  /** The value that now stands for `value`. */
  current(value: ValueId): ValueId {
    let found = value;
    for (let next = this.replaced.get(found); next !== undefined; next = this.replaced.get(found))
      found = next;
    return found;
  }

  replace(old: ValueId, replacement: ValueId): void {
    if (old !== replacement) this.replaced.set(old, replacement);
  }

  /** Appends a node that keeps its output values, with inputs looked up. */
  keep(node: GraphNode): void {
    this.nodes.push({ ...node, inputs: node.inputs.map((input) => this.current(input)) });
  }

  /** Appends a new node with one output. */
  add(
    op: string,
    inputs: readonly ValueId[],
    attributes: Attributes,
    type: ValueType,
    layer: string,
  ): ValueId {
    this.types.push(type);
    const output = this.types.length - 1;
    this.nodes.push({ op, inputs, outputs: [output], attributes, layer });
    return output;
  }

  finish(): Graph {
    const rename = (named: NamedValue): NamedValue => ({
      name: named.name,
      value: this.current(named.value),
    });
    return {
      types: this.types,
      nodes: this.nodes,
      inputs: this.source.inputs,
      state: this.source.state,
      outputs: this.source.outputs.map(rename),
      updates: this.source.updates.map(rename),
    };
  }
}

/** The node that makes each value. */
export function makers(graph: Graph): Map<ValueId, GraphNode> {
  const found = new Map<ValueId, GraphNode>();
  for (const node of graph.nodes) for (const output of node.outputs) found.set(output, node);
  return found;
}

/** How often each value is read, by nodes and as a result. */
export function useCounts(graph: Graph): Map<ValueId, number> {
  const counts = new Map<ValueId, number>();
  const used = (value: ValueId) => counts.set(value, (counts.get(value) ?? 0) + 1);
  graph.nodes.forEach((node) => node.inputs.forEach(used));
  resultsOf(graph).forEach(used);
  return counts;
}
