/** A matrix product times a number: the number goes into the operand without a batch, which is small. */
import type { Graph, GraphNode, ValueId } from '../ir.ts';
import { isBatchDim } from '../ir.ts';
import { makers, Rewriter, useCounts } from './rewrite.ts';

/** Rewrites Multiply(product, number), also through reshapes and transposes, where nobody else reads the product. */
export function scaleOperands(graph: Graph): Graph {
  const made = makers(graph);
  const uses = useCounts(graph);
  const rewriter = new Rewriter(graph);
  for (const node of graph.nodes) {
    const scaled = node.op === 'Multiply' ? scaledProduct(graph, node, made, uses) : undefined;
    if (scaled === undefined) rewriter.keep(node);
    else rewriter.replace(node.outputs[0]!, rebuilt(rewriter, scaled));
  }
  return rewriter.finish();
}

interface ScaledProduct {
  readonly factor: number;
  readonly product: GraphNode;
  /** Position of the operand that takes the factor. */
  readonly small: number;
  /** Reshapes and transposes behind the product, in order. */
  readonly arrangements: readonly GraphNode[];
}

function scaledProduct(
  graph: Graph,
  node: GraphNode,
  made: ReadonlyMap<ValueId, GraphNode>,
  uses: ReadonlyMap<ValueId, number>,
): ScaledProduct | undefined {
  const position = node.inputs.findIndex((input) => made.get(input)?.op === 'Fill');
  if (position < 0) return undefined;
  const factor = made.get(node.inputs[position]!)!.attributes['value'] as number;
  const arrangements: GraphNode[] = [];
  let value = node.inputs[1 - position]!;
  if (String(sizes(graph, value)) !== String(sizes(graph, node.outputs[0]!))) return undefined;
  for (;;) {
    const maker = uses.get(value) === 1 ? made.get(value) : undefined;
    if (maker?.op === 'BatchMatMul') {
      const small = smallOperand(graph, maker);
      return small < 0 ? undefined : { factor, product: maker, small, arrangements };
    }
    if (maker?.op !== 'Reshape' && maker?.op !== 'Transpose') return undefined;
    arrangements.unshift(maker);
    value = maker.inputs[0]!;
  }
}

const sizes = (graph: Graph, value: ValueId) => graph.types[value]!.shape.map((dim) => JSON.stringify(dim));

/** The operand without a batch where the other has one, or -1. */
function smallOperand(graph: Graph, product: GraphNode): number {
  const [first, second] = product.inputs.map((input) => graph.types[input]!.shape.some(isBatchDim));
  return first === second ? -1 : first ? 1 : 0;
}

function rebuilt(rewriter: Rewriter, { factor, product, small, arrangements }: ScaledProduct): ValueId {
  const { layer } = product;
  const typeOf = (value: ValueId) => rewriter.types[value]!;
  const number = rewriter.add('Fill', [], { value: factor }, { shape: [], dtype: 'float32' }, layer);
  const inputs = product.inputs.map((input) => rewriter.current(input));
  inputs[small] = rewriter.add('Multiply', [inputs[small]!, number], {}, typeOf(inputs[small]!), layer);
  return [product, ...arrangements].reduce<ValueId>(
    (value, node, index) =>
      rewriter.add(
        node.op,
        index === 0 ? inputs : [value],
        node.attributes,
        typeOf(node.outputs[0]!),
        node.layer,
      ),
    -1,
  );
}
