/**
 * Gradients through ReLU and dropout from results instead of arguments. The result of a ReLU is positive where its
 * argument is, and behind dropout where it is kept as well: mask * step(x) = step(relu(x) * mask) / (1 - rate). So the
 * argument dies at once, and the gradient needs one pass over memory less.
 */
import type { Graph, GraphNode, ValueId } from '../ir.ts';
import { makers, Rewriter } from './rewrite.ts';

/** Rewrites steps of ReLU's arguments, and their products with dropout masks. */
export function rectifierGradients(graph: Graph): Graph {
  const made = makers(graph);
  const forward = forwardResults(graph, made);
  const rewriter = new Rewriter(graph);
  for (const node of graph.nodes) {
    const dropped = node.op === 'Multiply' ? droppedGradient(node, made, forward) : undefined;
    if (dropped !== undefined) addDroppedGradient(rewriter, node, dropped);
    else rewriter.keep(isStep(node) ? fromResult(node, forward) : node);
  }
  return rewriter.finish();
}

/** What the forward pass has of each ReLU. */
interface Forward {
  /** Result by argument. */
  readonly rectified: ReadonlyMap<ValueId, ValueId>;
  /** Product with a dropout mask, by result and mask. */
  readonly dropped: ReadonlyMap<string, ValueId>;
}

type Makers = ReadonlyMap<ValueId, GraphNode>;

const isStep = (node: GraphNode | undefined) => node?.op === 'Step' && node.attributes['alpha'] === 0;

function forwardResults({ nodes }: Graph, made: Makers): Forward {
  const rectified = new Map<ValueId, ValueId>();
  const dropped = new Map<string, ValueId>();
  for (const { op, inputs, outputs } of nodes) {
    if (op === 'Relu') rectified.set(inputs[0]!, outputs[0]!);
    if (op !== 'Multiply') continue;
    for (const [result, mask] of bothOrders(inputs)) {
      if (made.get(result)?.op === 'Relu' && made.get(mask)?.op === 'SeededMask') {
        dropped.set(`${result},${mask}`, outputs[0]!);
      }
    }
  }
  return { rectified, dropped };
}

const bothOrders = ([a, b]: readonly ValueId[]) =>
  [
    [a!, b!],
    [b!, a!],
  ] as const;

function fromResult(step: GraphNode, { rectified }: Forward): GraphNode {
  const result = rectified.get(step.inputs[0]!);
  return result === undefined ? step : { ...step, inputs: [result] };
}

/** (gradient * mask) * step(x), where relu(x) * mask exists. */
interface DroppedGradient {
  readonly gradient: ValueId;
  readonly step: GraphNode;
  readonly kept: ValueId;
  /** Factor of what dropout kept. */
  readonly scale: number;
}

function droppedGradient(node: GraphNode, made: Makers, forward: Forward): DroppedGradient | undefined {
  for (const [masked, slope] of bothOrders(node.inputs)) {
    const [product, step] = [made.get(masked), made.get(slope)];
    if (product?.op !== 'Multiply' || !isStep(step)) continue;
    const result = forward.rectified.get(step!.inputs[0]!);
    for (const [gradient, mask] of bothOrders(product.inputs)) {
      const kept = forward.dropped.get(`${result},${mask}`);
      if (kept === undefined) continue;
      const rate = made.get(mask)!.attributes['rate'] as number;
      return { gradient, step: step!, kept, scale: Math.fround(1 / (1 - rate)) };
    }
  }
  return undefined;
}

function addDroppedGradient(
  rewriter: Rewriter,
  node: GraphNode,
  { gradient, step, kept, scale }: DroppedGradient,
): void {
  const { layer } = node;
  const type = rewriter.types[node.outputs[0]!]!;
  const factor = rewriter.add('Fill', [], { value: scale }, { shape: [], dtype: 'float32' }, layer);
  const scaled = rewriter.add('Multiply', [rewriter.current(gradient), factor], {}, type, layer);
  const slope = rewriter.add('Step', [rewriter.current(kept)], step.attributes, type, layer);
  rewriter.keep({ ...node, inputs: [scaled, slope] });
}
