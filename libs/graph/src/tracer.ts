/**
 * Records tfjs-core operations. A tfjs backend named `graph` holds no numbers: a tensor's `dataId` IS a graph
 * value, every kernel call appends a node. Reading a traced value is an error, and so is an operation without
 * a row in the op table.
 */
import type { Attributes, ConcreteType, DType, GraphNode } from './ir.ts';
import { GRAPH_BACKEND } from './ops.ts';
import { opTable } from './table/index.ts';
import type { KernelAttributes, OpRow } from './table/row.ts';
import { currentLayer, readForeign, tf } from './tfjs.ts';

/** What one run of the traced function recorded, with the batch as a plain number. */
export interface Recording {
  readonly types: ConcreteType[];
  readonly nodes: GraphNode[];
}

class GraphValue {
  constructor(
    readonly id: number,
    readonly owner: Recorder,
  ) {}
}

/** Collects the nodes of one trace. */
export class Recorder implements Recording {
  readonly types: ConcreteType[] = [];
  readonly nodes: GraphNode[] = [];

  value(type: ConcreteType): GraphValue {
    this.types.push(type);
    return new GraphValue(this.types.length - 1, this);
  }

  /** A tensor that stands for a new value which no node makes: an input or a state. */
  placeholder(type: ConcreteType): tf.Tensor {
    const value = this.value(type);
    return tf.engine().makeTensorFromDataId(value, [...type.shape], type.dtype);
  }

  append(
    op: string,
    inputs: readonly GraphValue[],
    attributes: Attributes,
    outputs: readonly ConcreteType[],
  ): GraphValue[] {
    const results = outputs.map((type) => this.value(type));
    this.nodes.push({
      op,
      inputs: inputs.map((input) => input.id),
      outputs: results.map((result) => result.id),
      attributes,
      layer: currentLayer(),
    });
    return results;
  }

  /** Id of the value behind a traced tensor. */
  idOf(tensor: tf.Tensor): number {
    const value = tensor.dataId as unknown;
    if (!(value instanceof GraphValue) || value.owner !== this) {
      throw new Error(
        'a tensor made outside of this trace was used inside it: pass it as an input or as state',
      );
    }
    return value.id;
  }
}

/** tfjs backend that writes nodes into the active recorder instead of computing. */
class GraphBackend extends tf.KernelBackend {
  recorder: Recorder | null = null;

  active(): Recorder {
    if (this.recorder === null) throw new Error(`tfjs backend "${GRAPH_BACKEND}" works only inside trace()`);
    return this.recorder;
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): tf.DataId {
    const recorder = this.active();
    const type: ConcreteType = { shape: [...shape], dtype: dtype as DType };
    return recorder.append('Const', [], { data: constantData(values, type) }, [type])[0]!;
  }

  /** The value behind a kernel's operand; a tensor of another backend becomes a constant. */
  resolve(tensor: tf.TensorInfo): GraphValue {
    const recorder = this.active();
    const dataId: unknown = tensor.dataId;
    if (dataId instanceof GraphValue) {
      if (dataId.owner === recorder) return dataId;
      throw new Error('a tensor of another trace was used inside this one');
    }
    const type: ConcreteType = { shape: tensor.shape, dtype: tensor.dtype as DType };
    const data = constantData(readForeign(tensor.dataId), type);
    return recorder.append('Const', [], { data }, [type])[0]!;
  }

  override readSync(dataId: object): tf.BackendValues {
    const value = dataId as GraphValue;
    const maker = value.owner?.nodes.find((node) => node.outputs.includes(value.id));
    const what = maker
      ? `the result of ${maker.op}${maker.layer ? ` in layer ${maker.layer}` : ''}`
      : 'an input';
    throw new Error(
      `a traced value has no numbers: ${what} was read (dataSync, data or print) while tracing`,
    );
  }

  override read(dataId: object): Promise<tf.BackendValues> {
    return Promise.resolve().then(() => this.readSync(dataId));
  }

  override numDataIds(): number {
    return 0;
  }
  override disposeData(): boolean {
    return false;
  }
  override incRef(): void {}
  decRef(): void {}
  override refCount(): number {
    return 1;
  }
  override floatPrecision(): 32 {
    return 32;
  }
  override epsilon(): number {
    return 1e-7;
  }
  override timerAvailable(): boolean {
    return false;
  }
  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }
  override dispose(): void {}
}

function constantData(values: tf.BackendValues, type: ConcreteType): Float32Array | Int32Array | Uint8Array {
  const numbers = values as ArrayLike<number>;
  if (type.dtype === 'float32') return Float32Array.from(numbers);
  if (type.dtype === 'int32') return Int32Array.from(numbers);
  if (type.dtype === 'bool') return Uint8Array.from(numbers, Number);
  throw new Error(`constants of dtype ${type.dtype as string} cannot be traced`);
}

let backend: GraphBackend | null = null;

function installBackend(): GraphBackend {
  if (backend !== null) return backend;
  const installed = new GraphBackend();
  for (const [op, row] of opTable) {
    tf.registerKernel({
      kernelName: op,
      backendName: GRAPH_BACKEND,
      kernelFunc: ({ inputs, attrs }) => recordKernel(installed, op, row.record, inputs, attrs),
    });
  }
  registerMissingRows();
  tf.registerBackend(GRAPH_BACKEND, () => installed, 0);
  backend = installed;
  return installed;
}

function recordKernel(
  installed: GraphBackend,
  op: string,
  recordRow: OpRow['record'],
  inputs: tf.NamedTensorInfoMap,
  attrs: tf.NamedAttrMap | undefined,
): tf.TensorInfo | tf.TensorInfo[] {
  const info = inputs as unknown as Record<string, tf.TensorInfo | tf.TensorInfo[] | undefined>;
  const named: Record<string, ConcreteType> = {};
  const handles: Record<string, GraphValue> = {};
  for (const [key, given] of Object.entries(info)) {
    const list = Array.isArray(given) ? given : given === undefined || given === null ? [] : [given];
    list.forEach((tensor, index) => {
      const name = Array.isArray(given) ? String(index) : key;
      named[name] = { shape: tensor.shape, dtype: tensor.dtype as DType };
      handles[name] = installed.resolve(tensor);
    });
  }
  const recorder = installed.active();
  let recorded;
  try {
    recorded = recordRow(named, (attrs ?? {}) as KernelAttributes);
  } catch (error) {
    throw new Error(`tracing ${op}${inLayer()}: ${(error as Error).message}`, { cause: error });
  }
  const toInfo = (value: GraphValue) => {
    const type = recorder.types[value.id]!;
    return { dataId: value, shape: [...type.shape], dtype: type.dtype };
  };
  if ('alias' in recorded) {
    const type = recorded.type;
    return { dataId: handles[recorded.alias]!, shape: [...type.shape], dtype: type.dtype };
  }
  const results = recorder.append(
    recorded.op ?? op,
    recorded.inputs.map((name) => handles[name]!),
    recorded.attributes,
    recorded.outputs,
  );
  return results.length === 1 && !recorded.several ? toInfo(results[0]!) : results.map(toInfo);
}

function inLayer(): string {
  const layer = currentLayer();
  return layer === '' ? '' : ` in layer ${layer}`;
}

/** Every other kernel that tfjs knows gets an entry that says what is missing and where. */
function registerMissingRows(): void {
  for (const { kernelName } of tf.getKernelsForBackend('cpu')) {
    if (opTable.has(kernelName)) continue;
    tf.registerKernel({
      kernelName,
      backendName: GRAPH_BACKEND,
      kernelFunc: () => {
        throw new Error(
          `operation ${kernelName}${inLayer()} has no row in the op table and cannot be traced`,
        );
      },
    });
  }
}

/**
 * Runs `body` with a fresh recorder on the `graph` backend and restores the previous backend, `cpu` if there
 * was none, whatever happens.
 */
export function record<T>(body: (recorder: Recorder) => T): T {
  const installed = installBackend();
  const previousBackend = tf.getBackend();
  const previousRecorder = installed.recorder;
  const recorder = new Recorder();
  tf.setBackend(GRAPH_BACKEND);
  installed.recorder = recorder;
  try {
    return tf.tidy(() => body(recorder) as tf.TensorContainer) as T;
  } finally {
    installed.recorder = previousRecorder;
    tf.setBackend(previousBackend || 'cpu');
  }
}
