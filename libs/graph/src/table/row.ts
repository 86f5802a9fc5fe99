/** One row of the op table: everything the project knows about an operation. */
import type { Attributes, ConcreteType, Dim, DType, ValueType } from '../ir.ts';

/** Attributes as a tfjs kernel receives them. */
export type KernelAttributes = Readonly<Record<string, unknown>>;

/** What a kernel call becomes: a node, or another name for one of its inputs. */
export type Recorded =
  | {
      /** Inputs of the node, by the kernel's input names. */
      readonly inputs: readonly string[];
      readonly attributes: Attributes;
      readonly outputs: readonly ConcreteType[];
      /** Node's op if it differs from the kernel's name. */
      readonly op?: string;
      /** The kernel returns a list even when it has one output. */
      readonly several?: boolean;
    }
  | { readonly alias: string; readonly type: ConcreteType };

/** A node as emitters see it: names of its inputs in the target format and all types. */
export interface NodeView {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly inputTypes: readonly ValueType[];
  readonly outputTypes: readonly ValueType[];
  readonly attributes: Attributes;
}

/** Numbers of a constant. */
export type ConstantData = Float32Array | Int32Array | Uint8Array | BigInt64Array;

/** What a row writes ONNX with. */
export interface OnnxEmitter {
  /** Appends a node; returns its first output's name. */
  node(op: string, inputs: readonly string[], attributes?: Readonly<Record<string, OnnxAttribute>>): string;
  /** Appends a node with `count` outputs. */
  nodes(
    op: string,
    inputs: readonly string[],
    count: number,
    attributes?: Readonly<Record<string, OnnxAttribute>>,
  ): string[];
  constant(data: ConstantData, shape: readonly number[]): string;
  float(value: number): string;
  /** One-dimensional int64 constant. */
  ints(values: readonly number[]): string;
  /** One-dimensional int64 tensor of the dimensions, made from the batch where they are symbolic. */
  shape(dims: readonly Dim[]): string;
  /** Shape operand of Reshape: a single symbolic dimension becomes -1. */
  reshapeTo(dims: readonly Dim[]): string;
}

/** An attribute of an ONNX node; a plain number is an integer. */
export type OnnxAttribute = number | string | readonly number[] | { readonly float: number };

/** What a row writes GraphDef with. */
export interface GraphDefEmitter {
  /** Appends a node; returns the reference to its first output. */
  node(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, TensorFlowAttribute>>,
  ): string;
  constant(data: ConstantData, shape: readonly number[]): string;
  /** One-dimensional int32 tensor of the dimensions, made from the batch where they are symbolic. */
  shape(dims: readonly Dim[]): string;
  ints(values: readonly number[]): string;
  scalarInt(value: number): string;
}

/** An attribute of a TensorFlow node. */
export type TensorFlowAttribute =
  | { readonly type: DType | 'int64' }
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly bool: boolean }
  | { readonly text: string };

/** Computes results [B, ...] from operands [B, ...], both float32 and in C order; keeps its own memory. */
export type HostFunction = (operands: readonly Float32Array[], results: readonly Float32Array[]) => void;

/** All that is known of an operation. */
export interface OpRow {
  /** Shape rule: types of the results and the canonical attributes. Throws on operands it cannot take. */
  record(inputs: Readonly<Record<string, ConcreteType>>, attributes: KernelAttributes): Recorded;
  /** ONNX (opset 18) nodes; names of the results. */
  onnx?(node: NodeView, emit: OnnxEmitter): string | string[];
  /** TensorFlow nodes; references to the results. Absent where only training needs the operation. */
  graphDef?(node: NodeView, emit: GraphDefEmitter): string | string[];
  /** Instead of `onnx`: the operation in JavaScript, for nodes with these attributes. */
  host?(attributes: Attributes): HostFunction;
  /** Floating point operations per row of the batch, counted as TensorFlow's profiler does. Default 0. */
  flops?(node: NodeView): number;
}

/** Shape of two broadcast operands. Throws when they do not fit. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new Error(`shapes [${a.join(', ')}] and [${b.join(', ')}] do not broadcast`);
    }
    return left === 1 ? right : left;
  });
}

/** Axis counted from the front. */
export function positiveAxis(axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (positive < 0 || positive >= rank) throw new Error(`axis ${axis} is outside of rank ${rank}`);
  return positive;
}

/** Permutation that undoes `permutation`. */
export function inversePermutation(permutation: readonly number[]): number[] {
  const inverse = new Array<number>(permutation.length);
  permutation.forEach((source, target) => (inverse[source] = target));
  return inverse;
}
