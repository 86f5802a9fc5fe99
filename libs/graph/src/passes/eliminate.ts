/** Removes what nobody reads, and computes equal things once. */
import type { Graph, ValueId } from '../ir.ts';
import { resultsOf } from '../ir.ts';
import { Rewriter } from './rewrite.ts';

/** Drops nodes whose results neither leave the graph nor feed a node that stays. */
export function eliminateDeadCode(graph: Graph): Graph {
  const live = new Set<ValueId>(resultsOf(graph));
  const kept = [...graph.nodes].reverse().filter((node) => {
    if (!node.outputs.some((output) => live.has(output))) return false;
    node.inputs.forEach((input) => live.add(input));
    return true;
  });
  return { ...graph, nodes: kept.reverse() };
}

/** Common subexpressions: nodes with the same operation, inputs and attributes become one. */
export function shareSubexpressions(graph: Graph): Graph {
  const rewriter = new Rewriter(graph);
  const seen = new Map<string, readonly ValueId[]>();
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((input) => rewriter.current(input));
    const types = JSON.stringify(node.outputs.map((output) => graph.types[output]!));
    const key = `${node.op}(${inputs.join(',')})${types}${attributeKey(node.attributes)}`;
    const earlier = seen.get(key);
    if (earlier === undefined) {
      seen.set(key, node.outputs);
      rewriter.keep(node);
    } else {
      node.outputs.forEach((output, index) => rewriter.replace(output, earlier[index]!));
    }
  }
  return rewriter.finish();
}

function attributeKey(attributes: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(attributes, (_key, value: unknown) =>
    ArrayBuffer.isView(value)
      ? `${value.constructor.name}:${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')}`
      : typeof value === 'number' && !Number.isFinite(value)
        ? String(value)
        : Object.is(value, -0)
          ? '-0'
          : value,
  );
}
