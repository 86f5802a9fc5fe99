/** What the main thread tells a replica to execute: ONNX models with the origin of every operand. */
import {
  bindBatch,
  CARRIED,
  dimAt,
  divideUpdate,
  emitOnnx,
  EXCHANGE,
  fuseBias,
  lowerToProducts,
  optimise,
  partition,
  partitionAlone,
  randomOps,
  REDUCED,
  stepNames,
} from '@hep/graph';
import type { Attributes, DType, Graph, HostCall, OnnxModel, Segment, UpdateShare } from '@hep/graph';

/** Where the numbers of a model's input come from. */
export type Source =
  | { readonly kind: 'column'; readonly column: string }
  | { readonly kind: 'scalar'; readonly scalar: string }
  | { readonly kind: 'state'; readonly state: string }
  | { readonly kind: 'carried'; readonly key: string }
  | { readonly kind: 'reduced' }
  | {
      readonly kind: 'random';
      readonly seedScalar: string;
      readonly stream: number;
      /** Rate of a dropout mask; absent for uniform numbers. */
      readonly rate?: number;
      /** Elements for each row of the batch, or 0 when the numbers do not belong to rows. */
      readonly elementsPerRow: number;
    };

export interface Feed {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly source: Source;
}

/** Where the numbers of a model's output go. */
export type Sink =
  | { readonly kind: 'output'; readonly output: string }
  | { readonly kind: 'next'; readonly state: string }
  | { readonly kind: 'carried'; readonly key: string }
  | { readonly kind: 'exchange' };

export interface Fetch {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly sink: Sink;
}

/** An operation of the host, on carried values. */
export interface HostPlan {
  readonly op: string;
  readonly attributes: Attributes;
  readonly operands: readonly string[];
  readonly results: readonly {
    readonly key: string;
    readonly dtype: DType;
    readonly shape: readonly number[];
  }[];
}

export interface ModelPlan {
  readonly model: Uint8Array;
  readonly feeds: readonly Feed[];
  readonly fetches: readonly Fetch[];
  /** Elements that replicas average after this model; 0 when nothing. */
  readonly exchanged: number;
  /** What the host computes after this model. */
  readonly hostCalls: readonly HostPlan[];
  /** The part of the state's vectors that the model updates, where replicas divide that. */
  readonly share?: UpdateShare;
}

/** Segments of a symbolic, optimised step: more than one where replicas average or the host computes. */
export function segmentsOf(graph: Graph, replicas: number): Segment[] {
  if (replicas > 1) return partition(graph);
  return partitionAlone(graph).map((segment) => ({ ...segment, graph: optimise(segment.graph) }));
}

/** The segments as each replica runs them: where possible each updates only its part of long vectors. */
export function segmentsOfReplicas(segments: readonly Segment[], replicas: number): Segment[][] {
  const last = segments.at(-1)!;
  return Array.from({ length: replicas }, (_, replica) => [
    ...segments.slice(0, -1),
    (replicas > 1 ? divideUpdate(last, replica, replicas) : undefined) ?? last,
  ]);
}

/** Model of a segment for batches of `rows` rows. */
export function planModel(
  name: string,
  { graph, exchanged, hostCalls, share }: Segment,
  rows: number,
): ModelPlan {
  const bound = fuseBias(optimise(lowerToProducts(bindBatch(graph, rows))));
  const onnx = emitOnnx(bound, { name });
  return {
    model: onnx.bytes,
    feeds: feedsOf(graph, bound, onnx),
    fetches: fetchesOf(bound),
    exchanged,
    hostCalls: hostCalls.map((call) => hostPlan(call, rows)),
    ...(share === undefined ? {} : { share }),
  };
}

function hostPlan({ op, attributes, operands, results }: HostCall, rows: number): HostPlan {
  return {
    op,
    attributes,
    operands,
    results: results.map(({ name, type }) => ({
      key: name,
      dtype: type.dtype,
      shape: type.shape.map((dim) => dimAt(dim, rows)),
    })),
  };
}

function feedsOf(symbolic: Graph, bound: Graph, onnx: OnnxModel): Feed[] {
  const described = (graph: Graph, value: number) => {
    const type = graph.types[value]!;
    return { dtype: type.dtype, shape: type.shape as readonly number[] };
  };
  const inputs = bound.inputs.map(({ name, value }): Feed => ({
    name: stepNames.input(name),
    ...described(bound, value),
    source: inputSource(
      name,
      symbolic.types[symbolic.inputs.find((input) => input.name === name)!.value]!.shape.length,
    ),
  }));
  const state = bound.state.map(({ name, value }): Feed => ({
    name: stepNames.state(name),
    ...described(bound, value),
    source: { kind: 'state', state: name },
  }));
  const random = onnx.randomInputs.map((input): Feed => {
    const shape = input.type.shape as readonly number[];
    return { name: input.name, dtype: 'float32', shape, source: randomSource(symbolic, input) };
  });
  return [...inputs, ...state, ...random];
}

function inputSource(name: string, rank: number): Source {
  if (name === REDUCED) return { kind: 'reduced' };
  if (name.startsWith(CARRIED)) return { kind: 'carried', key: name };
  return rank === 0 ? { kind: 'scalar', scalar: name } : { kind: 'column', column: name };
}

function randomSource(symbolic: Graph, input: OnnxModel['randomInputs'][number]): Source {
  const node = symbolic.nodes.find(
    (candidate) => randomOps.has(candidate.op) && candidate.attributes['stream'] === input.stream,
  );
  const [first, ...rest] = symbolic.types[node!.outputs[0]!]!.shape;
  const rowElements = rest.reduce<number>((product, dim) => product * (dim as number), 1);
  const elementsPerRow = typeof first === 'object' ? first.batch * rowElements : 0;
  return {
    kind: 'random',
    seedScalar: input.seedInput,
    stream: input.stream,
    rate: input.rate,
    elementsPerRow,
  };
}

function fetchesOf(bound: Graph): Fetch[] {
  const described = (value: number) => {
    const type = bound.types[value]!;
    return { dtype: type.dtype, shape: type.shape as readonly number[] };
  };
  const outputs = bound.outputs.map(({ name, value }): Fetch => ({
    name: stepNames.output(name),
    ...described(value),
    sink:
      name === EXCHANGE
        ? { kind: 'exchange' }
        : name.startsWith(CARRIED)
          ? { kind: 'carried', key: name }
          : { kind: 'output', output: name },
  }));
  const next = bound.updates.map(({ name, value }): Fetch => ({
    name: stepNames.next(name),
    ...described(value),
    sink: { kind: 'next', state: name },
  }));
  return [...outputs, ...next];
}
