/** Bytes -> nodes as plain data. Physical layer: knows protocol buffers, not what an operation means. */
import { GraphDef } from '../schema.ts';
import { GraphDefError, quoted } from './errors.ts';

/** A tensor as stored: raw bytes, or numbers of which the last one stands for all that follow. */
export interface StoredTensor {
  readonly dtype?: number;
  readonly tensor_shape?: StoredShape;
  readonly tensor_content?: Uint8Array;
  readonly float_val?: readonly number[];
  readonly int_val?: readonly number[];
  readonly int64_val?: readonly number[];
  readonly bool_val?: readonly boolean[];
}

/** A shape as the file has it; sizes below 0 are not known. */
export interface StoredShape {
  readonly dim?: readonly { readonly size?: number }[];
  readonly unknown_rank?: boolean;
}

/** Value of a node's attribute; one of the fields is there. */
export interface StoredAttribute {
  readonly list?: { readonly i?: readonly number[] };
  readonly s?: Uint8Array;
  readonly i?: number;
  readonly f?: number;
  readonly b?: boolean;
  readonly type?: number;
  readonly shape?: StoredShape;
  readonly tensor?: StoredTensor;
}

/** A node as the file has it. */
export interface StoredNode {
  readonly name: string;
  readonly op: string;
  /** Operands: `node`, `node:output`, and `^node` for order only. */
  readonly input: readonly string[];
  readonly attr: ReadonlyMap<string, StoredAttribute>;
}

/** Networks of this field have some hundred nodes. */
const MOST_NODES = 50_000;
const MOST_OPERANDS = 10_000;

interface Message {
  readonly node?: readonly {
    readonly name?: string;
    readonly op?: string;
    readonly input?: readonly string[];
    readonly attr?: Readonly<Record<string, StoredAttribute>>;
  }[];
  readonly library?: { readonly function?: readonly unknown[] };
  readonly versions?: object;
}

/**
 * Nodes of a serialised GraphDef, by name, in the order of the file.
 * @throws GraphDefError when the bytes are no GraphDef, or one that is not frozen or too large
 */
export function decodeNodes(bytes: Uint8Array): ReadonlyMap<string, StoredNode> {
  const { node: stored = [], library, versions } = parse(bytes);
  if (library?.function !== undefined && library.function.length > 0) {
    throw new GraphDefError(
      `the graph calls ${library.function.length} functions of its own; freeze it into a graph without functions`,
    );
  }
  if (stored.length === 0) throw new GraphDefError('no nodes; expected a frozen TensorFlow GraphDef');
  // Written last by every TensorFlow: a file that was cut between two nodes lacks it.
  if (versions === undefined) throw new GraphDefError('ends without its versions; is the file whole?');
  if (stored.length > MOST_NODES) {
    throw new GraphDefError(`${stored.length} nodes, more than the ${MOST_NODES} allowed`);
  }
  const nodes = new Map<string, StoredNode>();
  for (const { name = '', op = '', input = [], attr = {} } of stored) {
    if (nodes.has(name)) throw new GraphDefError(`two nodes have the name ${quoted(name)}`);
    if (input.length > MOST_OPERANDS) {
      throw new GraphDefError(
        `node ${quoted(name)} has ${input.length} operands, more than ${MOST_OPERANDS}`,
      );
    }
    nodes.set(name, { name, op, input, attr: new Map(Object.entries(attr)) });
  }
  return nodes;
}

function parse(bytes: Uint8Array): Message {
  try {
    return GraphDef.toObject(GraphDef.decode(bytes), { longs: Number }) as Message;
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0];
    throw new GraphDefError(`not a whole TensorFlow GraphDef (${reason}); expected a frozen .pb file`, {
      cause: error,
    });
  }
}
