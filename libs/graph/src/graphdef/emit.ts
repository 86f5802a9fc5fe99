/** Graph -> frozen TensorFlow GraphDef, as CMSSW loads it. */
import type { Dim, DType, Graph, ValueId, ValueType } from '../ir.ts';
import { isBatchDim } from '../ir.ts';
import { rowOf, viewOf } from '../table/index.ts';
import type { ConstantData, GraphDefEmitter, TensorFlowAttribute } from '../table/row.ts';
import { GraphDef } from './schema.ts';
import { textFormat } from './text-format.ts';

/** A frozen graph in both of its forms. */
export interface GraphDefModel {
  /** Binary `.pb`. */
  readonly bytes: Uint8Array;
  /** `.pb.ascii` */
  readonly text: string;
}

/** Names in the frozen graph. */
export interface GraphDefOptions {
  /** Placeholder name of each input; default: the input's name. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Node name of each output; default: the output's name. */
  readonly outputs?: Readonly<Record<string, string>>;
}

/** Graph version that the networks in CMSSW carry. */
const PRODUCER = 1482;

const dataType: Record<DType | 'int64', number> = { float32: 1, int32: 3, int64: 9, bool: 10 };

/**
 * Emits a frozen graph (see `freeze`) whose composite operations are lowered. Symbolic batches become unknown
 * dimensions of the placeholders.
 * @throws Error when the graph has state, or for an operation without a TensorFlow form
 */
export function emitGraphDef(graph: Graph, options: GraphDefOptions = {}): GraphDefModel {
  if (graph.state.length > 0) throw new Error('a GraphDef has no state: freeze the graph first');
  const emitter = new Emitter(graph, options);
  emitter.emitNodes();
  const message = {
    node: emitter.nodes,
    versions: { producer: PRODUCER },
  };
  return {
    bytes: GraphDef.encode(GraphDef.fromObject(message)).finish(),
    text: textFormat(GraphDef, message),
  };
}

interface NodeDef {
  name: string;
  op: string;
  input: readonly string[];
  attr: Record<string, Record<string, unknown>>;
}

class Emitter implements GraphDefEmitter {
  readonly nodes: NodeDef[] = [];
  private readonly nameOf = new Map<ValueId, string>();
  private readonly shared = new Map<string, string>();
  private readonly taken = new Set<string>();
  private layer = '';

  constructor(
    private readonly graph: Graph,
    private readonly options: GraphDefOptions,
  ) {
    for (const { name } of graph.outputs) this.taken.add(options.outputs?.[name] ?? name);
    for (const { name, value } of graph.inputs) this.placeholder(options.inputs?.[name] ?? name, value);
  }

  private placeholder(name: string, value: ValueId): void {
    const type = this.graph.types[value]!;
    if (this.taken.has(name)) throw new Error(`placeholder and output have the same name "${name}"`);
    this.taken.add(name);
    this.nodes.push({
      name,
      op: 'Placeholder',
      input: [],
      attr: { dtype: { type: dataType[type.dtype] }, shape: { shape: shapeProto(type) } },
    });
    this.nameOf.set(value, name);
  }

  emitNodes(): void {
    for (const node of this.graph.nodes) {
      this.layer = node.layer;
      const row = rowOf(node.op);
      if (row.graphDef === undefined) throw new Error(`operation ${node.op} has no TensorFlow form`);
      const results = row.graphDef(viewOf(this.graph, node, this.nameOf), this);
      const list = Array.isArray(results) ? results : [results];
      node.outputs.forEach((output, index) => this.nameOf.set(output, list[index]!));
    }
    for (const { name, value } of this.graph.outputs) {
      const type = this.graph.types[value]!;
      this.nodes.push({
        name: this.options.outputs?.[name] ?? name,
        op: 'Identity',
        input: [this.nameOf.get(value)!],
        attr: { T: { type: dataType[type.dtype] } },
      });
    }
  }

  node(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, TensorFlowAttribute>>,
  ): string {
    const key = `${op}|${inputs.join('|')}|${JSON.stringify(attributes)}`;
    const earlier = this.shared.get(key);
    if (earlier !== undefined) return earlier;
    const attr = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, encode(value)]));
    const name = this.fresh(op);
    this.nodes.push({ name, op, input: inputs, attr });
    this.shared.set(key, name);
    return name;
  }

  constant(data: ConstantData, shape: readonly number[]): string {
    const content = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const dtype =
      data instanceof Float32Array
        ? dataType.float32
        : data instanceof Int32Array
          ? dataType.int32
          : data instanceof BigInt64Array
            ? dataType.int64
            : dataType.bool;
    const key = `const|${dtype}|${shape.join(',')}|${Buffer.from(content).toString('base64')}`;
    const earlier = this.shared.get(key);
    if (earlier !== undefined) return earlier;
    const name = this.fresh('Const');
    const tensor = {
      dtype,
      tensor_shape: { dim: shape.map((size) => ({ size })) },
      tensor_content: content,
    };
    this.nodes.push({ name, op: 'Const', input: [], attr: { dtype: { type: dtype }, value: { tensor } } });
    this.shared.set(key, name);
    return name;
  }

  ints(values: readonly number[]): string {
    return this.constant(Int32Array.from(values), [values.length]);
  }

  scalarInt(value: number): string {
    return this.constant(Int32Array.of(value), []);
  }

  shape(dims: readonly Dim[]): string {
    if (dims.every((dim) => typeof dim === 'number')) return this.ints(dims);
    const parts = dims.map((dim) => {
      if (!isBatchDim(dim)) return this.scalarInt(dim);
      if (dim.batch === 1) return this.rows();
      return this.node('Mul', [this.rows(), this.scalarInt(dim.batch)], { T: { type: 'int32' } });
    });
    return this.node('Pack', parts, { T: { type: 'int32' }, N: { int: parts.length }, axis: { int: 0 } });
  }

  /** Number of rows in the batch, an int32 scalar. */
  private rows(): string {
    for (const { name, value } of this.graph.inputs) {
      const axis = this.graph.types[value]!.shape.findIndex(isBatchDim);
      if (axis < 0) continue;
      const multiple = (this.graph.types[value]!.shape[axis] as { batch: number }).batch;
      const shape = this.node('Shape', [this.options.inputs?.[name] ?? name], {
        T: { type: this.graph.types[value]!.dtype },
        out_type: { type: 'int32' },
      });
      const size = this.node('GatherV2', [shape, this.scalarInt(axis), this.scalarInt(0)], {
        Tparams: { type: 'int32' },
        Tindices: { type: 'int32' },
        Taxis: { type: 'int32' },
        batch_dims: { int: 0 },
      });
      if (multiple === 1) return size;
      return this.node('FloorDiv', [size, this.scalarInt(multiple)], { T: { type: 'int32' } });
    }
    throw new Error('no input carries the batch size');
  }

  private fresh(op: string): string {
    const base = this.layer === '' ? op : `${this.layer}/${op}`;
    let name = base;
    for (let suffix = 1; this.taken.has(name); suffix++) name = `${base}_${suffix}`;
    this.taken.add(name);
    return name;
  }
}

function shapeProto(type: ValueType): Record<string, unknown> {
  return { dim: type.shape.map((dim) => ({ size: isBatchDim(dim) ? -1 : dim })) };
}

function encode(attribute: TensorFlowAttribute): Record<string, unknown> {
  if ('type' in attribute) return { type: dataType[attribute.type] };
  if ('int' in attribute) return { i: attribute.int };
  if ('ints' in attribute) return { list: { i: attribute.ints } };
  if ('float' in attribute) return { f: attribute.float };
  if ('bool' in attribute) return { b: attribute.bool };
  return { s: Buffer.from(attribute.text) };
}
