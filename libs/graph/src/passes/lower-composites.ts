/** Replaces composite nodes (LSTM, pooling gradients, resizing) by what they are made of. */
import type { Attributes, Graph, GraphNode } from '../ir.ts';
import { trace } from '../trace.ts';
import { composites } from './composites.ts';
import { Rewriter } from './rewrite.ts';

/** Rewrites every composite node; other nodes stay. */
export function lowerComposites(graph: Graph): Graph {
  if (!graph.nodes.some((node) => composites.has(node.op))) return graph;
  const rewriter = new Rewriter(graph);
  for (const node of graph.nodes) {
    const composite = composites.get(node.op);
    if (composite === undefined) rewriter.keep(node);
    else inline(rewriter, graph, node, composite);
  }
  return rewriter.finish();
}

function inline(
  rewriter: Rewriter,
  graph: Graph,
  node: GraphNode,
  composite: NonNullable<ReturnType<typeof composites.get>>,
): void {
  const inputs = Object.fromEntries(
    node.inputs.map((input, index) => [`input${index}`, graph.types[input]!]),
  );
  const body = trace(
    (_state, tensors) => {
      const results = composite(Object.values(tensors), node.attributes);
      return { outputs: Object.fromEntries(results.map((result, index) => [`output${index}`, result])) };
    },
    { inputs },
  );
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
