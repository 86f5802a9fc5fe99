/** The standard order of passes. */
import type { Graph } from '../ir.ts';
import { eliminateDeadCode, shareSubexpressions } from './eliminate.ts';
import { lowerComposites } from './lower.ts';
import { simplify } from './simplify.ts';

/** Lowers composites and cleans up until the number of nodes stays the same. */
export function optimise(graph: Graph): Graph {
  let current = eliminateDeadCode(lowerComposites(eliminateDeadCode(graph)));
  for (let before = Infinity; current.nodes.length < before;) {
    before = current.nodes.length;
    current = eliminateDeadCode(shareSubexpressions(simplify(current)));
  }
  return current;
}
