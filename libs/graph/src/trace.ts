/**
 * Traces a pure function into a Graph with a symbolic batch. The function runs at two batch sizes; what
 * differs between the two recordings must be a multiple of the batch (dimensions) or proportional or inverse
 * to it (uniform constants). Anything else, such as host randomness, is an error.
 */
import type {
  Attribute,
  Attributes,
  ConcreteType,
  Dim,
  Graph,
  GraphNode,
  NamedValue,
  ValueType,
} from './ir.ts';
import { dimAt } from './ir.ts';
import type { Recorder, Recording } from './tracer.ts';
import { record } from './tracer.ts';
import type { tf } from './tfjs.ts';

/** Tensors by name. */
export type Tensors = Record<string, tf.Tensor>;

/** Types of named operands; a dimension is a number or `{ batch: multiple }`. */
export type Signature = Readonly<Record<string, ValueType>>;

/** A pure step: named state and inputs in, named outputs and next state out. */
export type StepFunction = (state: Tensors, inputs: Tensors) => { outputs: Tensors; state?: Tensors };

/** Two batch sizes whose multiples are unlikely to coincide with fixed dimensions' factors. */
const PROBE_BATCHES = [11, 13] as const;

interface Traced extends Recording {
  readonly outputs: NamedValue[];
  readonly updates: NamedValue[];
}

/**
 * Traces `step`.
 * @throws Error naming operation and layer when an operation has no row, when a traced value is read, or when
 *   two runs of `step` differ by more than the batch size
 */
export function trace(step: StepFunction, signature: { inputs: Signature; state?: Signature }): Graph {
  const state = signature.state ?? {};
  const [first, second] = PROBE_BATCHES.map((batch) => traceAt(step, signature.inputs, state, batch)) as [
    Traced,
    Traced,
  ];
  if (first.nodes.length !== second.nodes.length) {
    throw new Error(
      'the function recorded different operations at two batch sizes; its control flow depends on it',
    );
  }
  const merge = new BatchMerge(...PROBE_BATCHES);
  const inputNames = Object.keys(signature.inputs);
  const stateNames = Object.keys(state);
  return {
    types: first.types.map((type, id) => merge.type(type, second.types[id]!)),
    nodes: first.nodes.map((node, index) => merge.node(node, second.nodes[index]!)),
    inputs: inputNames.map((name, value) => ({ name, value })),
    state: stateNames.map((name, index) => ({ name, value: inputNames.length + index })),
    outputs: first.outputs,
    updates: first.updates,
  };
}

function traceAt(step: StepFunction, inputs: Signature, state: Signature, batch: number): Traced {
  return record((recorder) => {
    const make = (signature: Signature): Tensors =>
      Object.fromEntries(
        Object.entries(signature).map(([name, type]) => [name, recorder.placeholder(concrete(type, batch))]),
      );
    const inputTensors = make(inputs);
    const stateTensors = make(state);
    const result = step({ ...stateTensors }, inputTensors);
    return {
      types: recorder.types,
      nodes: recorder.nodes,
      outputs: named(result.outputs, recorder),
      updates: changed(stateTensors, result.state ?? {}, recorder),
    };
  });
}

function concrete(type: ValueType, batch: number): ConcreteType {
  return { shape: type.shape.map((dim) => dimAt(dim, batch)), dtype: type.dtype };
}

function named(tensors: Tensors, recorder: Recorder): NamedValue[] {
  return Object.entries(tensors).map(([name, tensor]) => ({ name, value: recorder.idOf(tensor) }));
}

function changed(before: Tensors, after: Tensors, recorder: Recorder): NamedValue[] {
  for (const name of Object.keys(after)) {
    if (before[name] === undefined)
      throw new Error(`the step returned state "${name}" that it was not given`);
    const [was, is] = [before[name].shape, after[name]!.shape];
    if (was.length !== is.length || was.some((dim, axis) => dim !== is[axis])) {
      throw new Error(`state "${name}" changed its shape from [${was.join(', ')}] to [${is.join(', ')}]`);
    }
  }
  return named(after, recorder).filter(({ name, value }) => recorder.idOf(before[name]!) !== value);
}

/** Merges two recordings of the same function at two batch sizes into one symbolic description. */
class BatchMerge {
  constructor(
    private readonly batchA: number,
    private readonly batchB: number,
  ) {}

  type(a: ConcreteType, b: ConcreteType): ValueType {
    if (a.dtype !== b.dtype || a.shape.length !== b.shape.length) throw this.differs('types');
    return { shape: a.shape.map((dim, axis) => this.dim(dim, b.shape[axis]!)), dtype: a.dtype };
  }

  dim(a: number, b: number): Dim {
    if (a === b) return a;
    const multiple = a / this.batchA;
    if (multiple * this.batchB === b) return { batch: multiple };
    throw new Error(
      `a dimension is ${a} at batch ${this.batchA} and ${b} at batch ${this.batchB}: not a multiple`,
    );
  }

  node(a: GraphNode, b: GraphNode): GraphNode {
    if (a.op !== b.op || a.inputs.some((input, index) => input !== b.inputs[index]))
      throw this.differs('operations');
    if (a.op === 'Const') return this.constant(a, b);
    if (a.op === 'Fill') {
      const scalar = this.scalar(a.attributes['value'] as number, b.attributes['value'] as number, a);
      return { ...a, ...scalar };
    }
    return { ...a, attributes: this.attributes(a.attributes, b.attributes) };
  }

  /** Uniform constants become Fill or BatchScalar, others must agree in every element. */
  private constant(a: GraphNode, b: GraphNode): GraphNode {
    const left = a.attributes['data'] as Float32Array;
    const right = b.attributes['data'] as Float32Array;
    const uniform = isUniform(left) && isUniform(right);
    if (uniform) return { ...a, ...this.scalar(left[0]!, right[0]!, a) };
    if (left.length !== right.length || left.some((value, index) => !Object.is(value, right[index]))) {
      throw new Error(
        'a constant differs between two traces: host randomness, or values that depend on the batch size. ' +
          'Pass them as inputs; draw random numbers with seededUniform',
      );
    }
    return a;
  }

  private scalar(a: number, b: number, node: GraphNode): Pick<GraphNode, 'op' | 'attributes'> {
    if (Object.is(a, b)) return { op: 'Fill', attributes: { value: a } };
    if (close(a / this.batchA, b / this.batchB)) {
      return { op: 'BatchScalar', attributes: { factor: a / this.batchA, power: 1 } };
    }
    if (close(a * this.batchA, b * this.batchB)) {
      return { op: 'BatchScalar', attributes: { factor: a * this.batchA, power: -1 } };
    }
    throw new Error(
      `a constant${node.layer ? ` in layer ${node.layer}` : ''} is ${a} and ${b} in two traces: host randomness, ` +
        'or a function of the batch size that is neither proportional nor inverse to it',
    );
  }

  private attributes(a: Attributes, b: Attributes): Attributes {
    return Object.fromEntries(Object.entries(a).map(([key, value]) => [key, this.attribute(value, b[key])]));
  }

  private attribute(a: Attribute, b: Attribute | undefined): Attribute {
    if (typeof a === 'number' && typeof b === 'number') return this.dim(a, b);
    if (Array.isArray(a) && Array.isArray(b) && a.length === b.length) {
      return a.map((value: Attribute, index) => this.attribute(value, b[index] as Attribute));
    }
    if (a === b) return a;
    throw this.differs('attributes');
  }

  private differs(what: string): Error {
    return new Error(`two traces of the same function recorded different ${what}; it is not deterministic`);
  }
}

function isUniform(data: ArrayLike<number>): boolean {
  if (data.length === 0) return false;
  for (let i = 1; i < data.length; i++) if (!Object.is(data[i], data[0])) return false;
  return true;
}

/** Equal to a few units of float32 rounding. */
function close(a: number, b: number): boolean {
  return Math.abs(a - b) <= 4e-7 * Math.abs(a);
}
