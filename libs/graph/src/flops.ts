import type { Graph } from './ir.ts';
import { rowOf, viewOf } from './table/index.ts';

/**
 * Floating point operations per row of the batch and layer, counted as TensorFlow's profiler counts a frozen
 * graph: products and sums of convolutions and matrix products, one per output of a bias addition, the window
 * size per output of pooling; activations and reshapes are free.
 */
export function flopsByLayer(graph: Graph): Map<string, number> {
  const totals = new Map<string, number>();
  for (const node of graph.nodes) {
    const flops = rowOf(node.op).flops?.(viewOf(graph, node));
    if (flops) totals.set(node.layer, (totals.get(node.layer) ?? 0) + flops);
  }
  return totals;
}
