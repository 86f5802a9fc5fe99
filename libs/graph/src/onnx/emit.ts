/** Graph -> ONNX model (opset 18, IR version 8). */
import type { Dim, Graph, GraphNode, NamedValue, ValueId, ValueType } from '../ir.ts';
import { isBatchDim, randomOps } from '../ir.ts';
import { onnxType } from '../table/elementwise.ts';
import { rowOf, viewOf } from '../table/index.ts';
import type { ConstantData, OnnxAttribute, OnnxEmitter } from '../table/row.ts';
import { ModelProto } from './schema.ts';

/** Random numbers that the executor feeds: uniform in [0, 1) or a dropout mask, see `random/`. */
export interface RandomInput {
  readonly name: string;
  /** Rate of the dropout mask; absent for uniform numbers. */
  readonly rate?: number;
  /** Name of the graph input that holds the seed. */
  readonly seedInput: string;
  readonly stream: number;
  readonly type: ValueType;
}

/** A model, and the random numbers that it must be given. */
export interface OnnxModel {
  readonly bytes: Uint8Array;
  readonly randomInputs: readonly RandomInput[];
}

/** Names of the model's operands; the default keeps inputs, state, outputs and next states apart by a prefix. */
export interface OnnxNames {
  input(name: string): string;
  state(name: string): string;
  output(name: string): string;
  next(name: string): string;
}

/** Names of operands and results in the models of training. */
export const stepNames: OnnxNames = {
  input: (name) => `in/${name}`,
  state: (name) => `state/${name}`,
  output: (name) => `out/${name}`,
  next: (name) => `next/${name}`,
};

interface NodeProto {
  opType: string;
  name: string;
  input: readonly string[];
  output: readonly string[];
  attribute: Record<string, unknown>[];
}

/**
 * Emits a graph. Composite operations must be lowered before (`optimise` does).
 * @throws Error for an operation that has no ONNX form
 */
export function emitOnnx(graph: Graph, options: { name: string; names?: OnnxNames }): OnnxModel {
  const names = options.names ?? stepNames;
  const emitter = new Emitter(graph, names);
  emitter.emitNodes();
  const inputs = [
    ...graph.inputs.map((named) => emitter.info(names.input(named.name), graph.types[named.value]!)),
    ...graph.state.map((named) => emitter.info(names.state(named.name), graph.types[named.value]!)),
    ...emitter.randomInputs.map((random) => emitter.info(random.name, random.type)),
  ];
  const outputs = [
    ...graph.outputs.map((named) => emitter.result(named, names.output(named.name))),
    ...graph.updates.map((named) => emitter.result(named, names.next(named.name))),
  ];
  const bytes = ModelProto.encode(
    ModelProto.fromObject({
      irVersion: 8,
      opsetImport: [{ domain: '', version: 18 }],
      producerName: 'hep-trigger-networks',
      producerVersion: '0.1.0',
      graph: {
        name: options.name,
        node: emitter.nodesOut,
        initializer: emitter.initializers,
        input: inputs,
        output: outputs,
      },
    }),
  ).finish();
  return { bytes, randomInputs: emitter.randomInputs };
}

class Emitter implements OnnxEmitter {
  readonly nodesOut: NodeProto[] = [];
  readonly initializers: Record<string, unknown>[] = [];
  readonly randomInputs: RandomInput[] = [];
  private readonly nameOf = new Map<ValueId, string>();
  private readonly shared = new Map<string, string[]>();
  private readonly inputNames = new Map<ValueId, string>();
  private counter = 0;
  private layer = '';

  constructor(
    private readonly graph: Graph,
    private readonly names: OnnxNames,
  ) {
    const declare = (list: readonly NamedValue[], rename: (name: string) => string) =>
      list.forEach(({ name, value }) => {
        this.nameOf.set(value, rename(name));
        this.inputNames.set(value, name);
      });
    declare(graph.inputs, names.input);
    declare(graph.state, names.state);
  }

  emitNodes(): void {
    for (const node of this.graph.nodes) {
      this.layer = node.layer;
      if (randomOps.has(node.op)) {
        this.random(node);
        continue;
      }
      const row = rowOf(node.op);
      if (row.onnx === undefined) throw new Error(`operation ${node.op} has no ONNX form`);
      const results = row.onnx(viewOf(this.graph, node, this.nameOf), this);
      const list = Array.isArray(results) ? results : [results];
      node.outputs.forEach((output, index) => this.nameOf.set(output, list[index]!));
    }
    this.layer = '';
  }

  private random(node: GraphNode): void {
    const [seed, output] = [node.inputs[0]!, node.outputs[0]!];
    const { stream, rate } = node.attributes as { stream: number; rate?: number };
    const seedInput = this.inputNames.get(seed);
    if (seedInput === undefined)
      throw new Error('the seed of a random operation must be an input of the graph');
    const name = `random/${this.randomInputs.length}`;
    this.randomInputs.push({ name, seedInput, stream, rate, type: this.graph.types[output]! });
    this.nameOf.set(output, name);
  }

  /** Declares a graph output: an Identity gives it its name. */
  result(named: NamedValue, name: string): Record<string, unknown> {
    this.nodesOut.push({
      opType: 'Identity',
      name: `result/${name}`,
      input: [this.nameOf.get(named.value)!],
      output: [name],
      attribute: [],
    });
    return this.info(name, this.graph.types[named.value]!);
  }

  info(name: string, type: ValueType): Record<string, unknown> {
    const dim = type.shape.map((size) =>
      isBatchDim(size)
        ? { dimParam: size.batch === 1 ? 'batch' : `${size.batch}*batch` }
        : { dimValue: size },
    );
    return { name, type: { tensorType: { elemType: onnxType[type.dtype], shape: { dim } } } };
  }

  node(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
  ): string {
    return this.nodes(op, inputs, 1, attributes)[0]!;
  }

  nodes(
    op: string,
    inputs: readonly string[],
    count: number,
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
  ): string[] {
    const key = `${op}|${inputs.join('|')}|${count}|${JSON.stringify(attributes)}`;
    const earlier = this.shared.get(key);
    if (earlier !== undefined) return earlier;
    const name = this.fresh(op);
    const output = Array.from({ length: count }, (_, index) => (count === 1 ? name : `${name}:${index}`));
    const attribute = Object.entries(attributes).map(([label, value]) => encodeAttribute(label, value));
    this.nodesOut.push({ opType: op, name, input: inputs, output, attribute });
    this.shared.set(key, output);
    return output;
  }

  constant(data: ConstantData, shape: readonly number[]): string {
    const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const kind =
      data instanceof Float32Array
        ? 1
        : data instanceof Int32Array
          ? 6
          : data instanceof BigInt64Array
            ? 7
            : 9;
    const key = `const|${kind}|${shape.join(',')}|${Buffer.from(raw).toString('base64')}`;
    const earlier = this.shared.get(key);
    if (earlier !== undefined) return earlier[0]!;
    const name = this.fresh('constant');
    this.initializers.push({ name, dataType: kind, dims: [...shape], rawData: raw });
    this.shared.set(key, [name]);
    return name;
  }

  float(value: number): string {
    return this.constant(Float32Array.of(value), []);
  }

  ints(values: readonly number[]): string {
    return this.constant(BigInt64Array.from(values, BigInt), [values.length]);
  }

  shape(dims: readonly Dim[]): string {
    if (dims.every((dim) => typeof dim === 'number')) return this.ints(dims);
    const parts = dims.map((dim) =>
      isBatchDim(dim) ? this.node('Mul', [this.rows(), this.ints([dim.batch])]) : this.ints([dim]),
    );
    return parts.length === 1 ? parts[0]! : this.node('Concat', parts, { axis: 0 });
  }

  reshapeTo(dims: readonly Dim[]): string {
    const symbolic = dims.filter(isBatchDim).length;
    const empty = dims.includes(0);
    return symbolic === 1 && !empty
      ? this.ints(dims.map((dim) => (isBatchDim(dim) ? -1 : dim)))
      : this.shape(dims);
  }

  /** The number of rows in the batch, int64 [1], read off an input that has the batch in its shape. */
  private rows(): string {
    for (const { name, value } of this.graph.inputs) {
      const axis = this.graph.types[value]!.shape.findIndex(isBatchDim);
      if (axis < 0) continue;
      const multiple = (this.graph.types[value]!.shape[axis] as { batch: number }).batch;
      const size = this.node('Shape', [this.names.input(name)], { start: axis, end: axis + 1 });
      return multiple === 1 ? size : this.node('Div', [size, this.ints([multiple])]);
    }
    throw new Error('no input carries the batch size');
  }

  private fresh(op: string): string {
    this.counter += 1;
    return `${this.layer === '' ? '' : `${this.layer}/`}${op}_${this.counter}`;
  }
}

function encodeAttribute(name: string, value: OnnxAttribute): Record<string, unknown> {
  if (typeof value === 'number') return { name, i: value, type: 2 };
  if (typeof value === 'string') return { name, s: Buffer.from(value), type: 3 };
  if ('float' in value) return { name, f: value.float, type: 1 };
  return { name, ints: [...value], type: 7 };
}
