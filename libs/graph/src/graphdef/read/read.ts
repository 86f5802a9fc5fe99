/** Frozen TensorFlow GraphDef -> a function over tfjs tensors, which runs eagerly or is traced like any other. */
import type { DType } from '../../ir.ts';
import { tf } from '../../tfjs.ts';
import type { Signature, Tensors } from '../../trace.ts';
import { arrangementRules } from './arrangement.ts';
import { contractionRules } from './contraction.ts';
import type { StoredNode } from './decode.ts';
import { decodeNodes } from './decode.ts';
import { elementwiseRules } from './elementwise.ts';
import { GraphDefError, quoted } from './errors.ts';
import { dtypeOf, NodeReader } from './node-reader.ts';
import { dataOperands, executionOrder, parseReference, unusedResults } from './order.ts';
import { reductionRules } from './reduction.ts';
import type { Rule } from './rule.ts';
import type { Value } from './value.ts';
import { ElementBudget, onCpu } from './value.ts';

/** TensorFlow's name of an operation -> what it computes. */
const rules: ReadonlyMap<string, Rule> = new Map(
  Object.entries({ ...elementwiseRules, ...reductionRules, ...arrangementRules, ...contractionRules }),
);

/** A dimension of a placeholder; null takes any size. */
export type PlaceholderDim = number | null;

/** An input of a frozen graph. */
export interface Placeholder {
  readonly name: string;
  readonly shape: readonly PlaceholderDim[];
  readonly dtype: DType;
}

/** A frozen graph that was read; pure. */
export interface GraphDefFunction {
  /** What the outputs depend on, in the order of the file. */
  readonly placeholders: readonly Placeholder[];
  readonly outputs: readonly string[];
  /**
   * Results by name. Runs on the active tfjs backend, or is recorded inside of `trace`.
   * @throws GraphDefError when an input is missing or has another shape, or a node cannot take its operands
   */
  readonly run: (inputs: Tensors) => Tensors;
  /** Types of the inputs for `trace`; an open first dimension is the batch. Throws where another one is open. */
  readonly signature: () => Signature;
}

/**
 * Reads a frozen `.pb`. Every operation that `emitGraphDef` writes is known, and those of frozen Keras and QKeras
 * models for CMSSW.
 * @param outputs names of the wanted nodes; default: the nodes whose results no other node uses
 * @throws GraphDefError in one line, for bytes that are no whole frozen graph or need an unknown operation
 */
export function readGraphDef(bytes: Uint8Array, outputs?: readonly string[]): GraphDefFunction {
  const nodes = decodeNodes(bytes);
  const wanted = outputs ?? unusedResults(nodes);
  if (wanted.length === 0)
    throw new GraphDefError('every result is used by another node; there is no output');
  const order = executionOrder(
    nodes,
    wanted.map((name) => parseReference(name).node),
  );
  const unknown = order.find(({ op }) => op !== 'Placeholder' && !rules.has(op));
  if (unknown !== undefined) {
    throw new GraphDefError(
      `operation ${quoted(unknown.op)} of node ${quoted(unknown.name)} is not supported`,
    );
  }
  const needed = new Set(order);
  const placeholders = [...nodes.values()]
    .filter((node) => node.op === 'Placeholder' && needed.has(node))
    .map(placeholderOf);
  return {
    placeholders,
    outputs: wanted,
    run: (inputs) => tf.tidy(() => runNodes(order, checkedInputs(placeholders, inputs), wanted)),
    signature: () => signatureOf(placeholders),
  };
}

function placeholderOf({ name, attr }: StoredNode): Placeholder {
  const shape = attr.get('shape')?.shape;
  if (shape === undefined || shape.unknown_rank) {
    throw new GraphDefError(`placeholder ${quoted(name)} has no shape`);
  }
  const dims = (shape.dim ?? []).map(({ size = 0 }) => (size < 0 ? null : size));
  return { name, shape: dims, dtype: at(name, 'Placeholder', () => dtypeOf(attr.get('dtype')?.type)) };
}

function signatureOf(placeholders: readonly Placeholder[]): Signature {
  return Object.fromEntries(
    placeholders.map(({ name, shape, dtype }) => {
      const dims = shape.map((size, axis) => {
        if (size !== null) return size;
        if (axis === 0) return { batch: 1 };
        throw new GraphDefError(
          `dimension ${axis} of placeholder ${quoted(name)} is open; only the first may be`,
        );
      });
      return [name, { shape: dims, dtype }];
    }),
  );
}

function checkedInputs(placeholders: readonly Placeholder[], inputs: Tensors): Map<string, Value[]> {
  const results = new Map<string, Value[]>();
  for (const { name, shape } of placeholders) {
    const tensor = Object.hasOwn(inputs, name) ? inputs[name]! : undefined;
    if (tensor === undefined) throw new GraphDefError(`input ${quoted(name)} is missing`);
    const fits =
      tensor.shape.length === shape.length &&
      shape.every((size, axis) => size === null || size === tensor.shape[axis]);
    if (!fits) {
      const expected = shape.map((size) => size ?? 'any').join(', ');
      throw new GraphDefError(
        `input ${quoted(name)} has shape [${tensor.shape.join(', ')}]; expected [${expected}]`,
      );
    }
    results.set(name, [{ tensor, known: false }]);
  }
  return results;
}

function runNodes(
  order: readonly StoredNode[],
  results: Map<string, Value[]>,
  outputs: readonly string[],
): Tensors {
  const resultOf = (text: string): Value => {
    const { node, index } = parseReference(text);
    const value = results.get(node)![index];
    if (value !== undefined) return value;
    throw new GraphDefError(`node ${quoted(node)} has no result ${index}`);
  };
  const budget = new ElementBudget(results);
  for (const node of order) {
    if (node.op === 'Placeholder') continue;
    const operands = dataOperands(node).map(resultOf);
    const values = at(node.name, node.op, () => budget.spend(runNode(node, operands)));
    results.set(node.name, values);
  }
  // A result that is known here moves to the active backend, where a trace makes it a constant.
  return Object.fromEntries(outputs.map((name) => [name, tf.clone(resultOf(name).tensor)]));
}

/** Their results may have a row for each of the batch, which a trace sees only in the operation itself. */
const spreading = new Set(['Fill', 'BroadcastTo']);

function runNode(node: StoredNode, operands: readonly Value[]): Value[] {
  const rule = rules.get(node.op)!;
  // The shape of a tensor is known even where its numbers are not.
  const known =
    node.op === 'Shape' || (operands.every((operand) => operand.known) && !spreading.has(node.op));
  const compute = () => rule(new NodeReader(node, operands));
  const made = known ? onCpu(compute) : compute();
  const tensors = Array.isArray(made) ? (made as readonly tf.Tensor[]) : [made as tf.Tensor];
  return tensors.map((tensor) => ({ tensor, known }));
}

/** Runs `body`; its failure names the node. */
function at<T>(name: string, op: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    const reason = (error as Error).message.replace(/\s+/g, ' ').slice(0, 300);
    throw new GraphDefError(`node ${quoted(name)} (${quoted(op).slice(1, -1)}): ${reason}`, { cause: error });
  }
}
