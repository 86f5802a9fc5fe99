/** The standard order of passes. */
import type { Graph } from '../ir.ts';
import { eliminateDeadCode, shareSubexpressions } from './eliminate.ts';
import { undoJoints } from './joints.ts';
import { lowerComposites } from './lower.ts';
import { rectifierGradients } from './rectifier-gradients.ts';
import { scaleOperands } from './scaled-products.ts';
import { simplify } from './simplify.ts';

/** Lowers composites, cleans up, makes gradients cheaper and cleans up again. */
export function optimise(graph: Graph): Graph {
  const lowered = cleanedUp(eliminateDeadCode(lowerComposites(eliminateDeadCode(graph))));
  return cleanedUp(scaleOperands(eliminateDeadCode(rectifierGradients(lowered))));
}

/** Cleans up until the number of nodes stays the same. */
function cleanedUp(graph: Graph): Graph {
  let current = graph;
  for (let before = Infinity; current.nodes.length < before;) {
    before = current.nodes.length;
    current = eliminateDeadCode(shareSubexpressions(undoJoints(simplify(current))));
  }
  return current;
}
