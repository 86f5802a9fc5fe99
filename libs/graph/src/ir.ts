/**
 * The graph: one description of a model, a loss or a whole training step.
 * Values are numbered; nodes are in execution order; a dimension is a number or a multiple of the batch.
 */
export type DType = 'float32' | 'int32' | 'bool';

/** A dimension `multiple * B`, where B is the number of rows in a batch. */
export interface BatchDim {
  readonly batch: number;
}

/** A size that is known, or a multiple of the rows of a batch. */
export type Dim = number | BatchDim;

/** Type of a value whose batch is symbolic. */
export interface ValueType {
  readonly shape: readonly Dim[];
  readonly dtype: DType;
}

/** Type of a value whose batch is a number. */
export interface ConcreteType {
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** Number of a value in its graph. */
export type ValueId = number;

/** What an operation knows beside its operands. */
export type Attribute =
  number | string | boolean | BatchDim | Float32Array | Int32Array | Uint8Array | readonly Attribute[];

/** Attributes by name. */
export type Attributes = Readonly<Record<string, Attribute>>;

/** One operation. */
export interface GraphNode {
  readonly op: string;
  readonly inputs: readonly ValueId[];
  readonly outputs: readonly ValueId[];
  readonly attributes: Attributes;
  /** Path of the layer that the operation belongs to, such as `encoder/conv2d`; empty in gradients. */
  readonly layer: string;
}

/** A value with a name that callers use. */
export interface NamedValue {
  readonly name: string;
  readonly value: ValueId;
}

/**
 * Pure: (inputs, state) -> (outputs, next state). A state entry without an update stays as it is.
 */
export interface Graph {
  readonly types: readonly ValueType[];
  readonly nodes: readonly GraphNode[];
  readonly inputs: readonly NamedValue[];
  readonly state: readonly NamedValue[];
  readonly outputs: readonly NamedValue[];
  readonly updates: readonly NamedValue[];
}

/** Operations whose values the executor draws from a seed input; see `random/`. */
export const randomOps: ReadonlySet<string> = new Set(['SeededUniform', 'SeededMask']);

/** Number of rows for a dimension at batch size `batch`. */
export function dimAt(dim: Dim, batch: number): number {
  return typeof dim === 'number' ? dim : dim.batch * batch;
}

/** The type's dimensions as numbers. Throws when one is symbolic. */
export function concreteShape(type: ValueType): number[] {
  return type.shape.map((dim) => {
    if (typeof dim === 'number') return dim;
    throw new Error('the batch size is symbolic here; bind it first');
  });
}

/** Number of elements; symbolic dimensions count with the given batch (default 1: elements per row). */
export function elementCount(type: ValueType, batch = 1): number {
  return type.shape.reduce<number>((product, dim) => product * dimAt(dim, batch), 1);
}

/** Whether a size depends on the batch. */
export function isBatchDim(value: unknown): value is BatchDim {
  return typeof value === 'object' && value !== null && 'batch' in value;
}

/** Replaces every symbolic dimension, attribute and batch-dependent scalar by its number at `batch` rows. */
export function bindBatch(graph: Graph, batch: number): Graph {
  const bind = (attribute: Attribute): Attribute => {
    if (isBatchDim(attribute)) return dimAt(attribute, batch);
    return Array.isArray(attribute) ? attribute.map(bind) : attribute;
  };
  return {
    ...graph,
    types: graph.types.map((type) => ({ ...type, shape: type.shape.map((dim) => dimAt(dim, batch)) })),
    nodes: graph.nodes.map((node) => {
      const attributes = Object.fromEntries(
        Object.entries(node.attributes).map(([key, value]) => [key, bind(value)]),
      );
      if (node.op !== 'BatchScalar') return { ...node, attributes };
      const value = (node.attributes['factor'] as number) * batch ** (node.attributes['power'] as number);
      return { ...node, op: 'Fill', attributes: { value } };
    }),
  };
}

/** Values that leave the graph: outputs and next states. */
export function resultsOf(graph: Graph): ValueId[] {
  return [...graph.outputs, ...graph.updates].map((named) => named.value);
}
