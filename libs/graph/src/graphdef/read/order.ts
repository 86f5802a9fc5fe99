/** Which nodes the outputs need, and in which order they run. */
import type { StoredNode } from './decode.ts';
import { GraphDefError, quoted } from './errors.ts';

/** One result of a node. */
export interface ResultReference {
  readonly node: string;
  readonly index: number;
}

/** `name` or `name:index`. */
export function parseReference(text: string): ResultReference {
  const colon = text.lastIndexOf(':');
  const index = colon < 0 ? '' : text.slice(colon + 1);
  if (!/^\d{1,6}$/.test(index)) return { node: text, index: 0 };
  return { node: text.slice(0, colon), index: Number(index) };
}

/** Operands that carry numbers; `^name` only orders side effects, which a frozen graph has none of. */
export function dataOperands(node: StoredNode): readonly string[] {
  return node.input.filter((operand) => !operand.startsWith('^'));
}

/**
 * The nodes that `outputs` depend on, each after its operands.
 * @throws GraphDefError when an operand is missing or the graph has a cycle
 */
export function executionOrder(
  nodes: ReadonlyMap<string, StoredNode>,
  outputs: readonly string[],
): StoredNode[] {
  const order: StoredNode[] = [];
  const state = new Map<string, 'open' | 'done'>();
  // Depth first with a stack of its own: a chain of 50 000 nodes must not end in the call stack.
  const stack = outputs.map((name) => ({ name, user: 'an output' })).reverse();
  while (stack.length > 0) {
    const { name, user } = stack.at(-1)!;
    const node = nodes.get(name);
    if (node === undefined) {
      throw new GraphDefError(`node ${quoted(name)}, which ${user} needs, is missing; is the file whole?`);
    }
    if (state.get(name) === undefined) {
      state.set(name, 'open');
      for (const operand of [...dataOperands(node)].reverse()) {
        const { node: needed } = parseReference(operand);
        if (state.get(needed) === 'open')
          throw new GraphDefError(`the graph has a cycle through ${quoted(needed)}`);
        if (state.get(needed) === undefined) stack.push({ name: needed, user: `node ${quoted(name)}` });
      }
      continue;
    }
    stack.pop();
    if (state.get(name) === 'done') continue;
    state.set(name, 'done');
    order.push(node);
  }
  return order;
}

/** Nodes whose results nobody uses, `NoOp` and placeholders excepted: what a frozen graph is for. */
export function unusedResults(nodes: ReadonlyMap<string, StoredNode>): string[] {
  const used = new Set(
    [...nodes.values()].flatMap((node) => dataOperands(node).map((operand) => parseReference(operand).node)),
  );
  return [...nodes.values()]
    .filter(({ name, op }) => !used.has(name) && op !== 'NoOp' && op !== 'Placeholder')
    .map(({ name }) => name);
}
