import type { Graph, GraphNode } from './ir.ts';
import { elementCount } from './ir.ts';

/**
 * Replaces the state by constants: the graph of a trained model. State that nothing reads leaves no constant.
 * @param weights numbers of every state entry, in C order
 * @throws Error when a state entry is missing or has another number of elements
 */
export function freeze(graph: Graph, weights: Readonly<Record<string, Float32Array>>): Graph {
  const constants: GraphNode[] = graph.state.map(({ name, value }) => {
    const data = weights[name];
    const type = graph.types[value]!;
    if (data === undefined) throw new Error(`no weights for "${name}"`);
    if (data.length !== elementCount(type)) {
      throw new Error(`weights "${name}" have ${data.length} elements, expected ${elementCount(type)}`);
    }
    return { op: 'Const', inputs: [], outputs: [value], attributes: { data }, layer: '' };
  });
  const read = new Set([
    ...graph.nodes.flatMap(({ inputs }) => inputs),
    ...graph.outputs.map(({ value }) => value),
  ]);
  const needed = constants.filter(({ outputs: [value] }) => read.has(value!));
  return { ...graph, nodes: [...needed, ...graph.nodes], state: [], updates: [] };
}
