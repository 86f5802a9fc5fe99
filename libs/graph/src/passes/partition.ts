/**
 * Cuts a step where a compiled model cannot go on by itself: where replicas average, and where the host computes
 * (table/host.ts). Segment k holds what has to run before the (k+1)-th cut. All values that are averaged at one cut travel
 * as a single vector.
 */
import type { Attributes, Graph, GraphNode, NamedValue, ValueId, ValueType } from '../ir.ts';
import { elementCount, randomOps } from '../ir.ts';
import { rowOf } from '../table/index.ts';
import { eliminateDeadCode } from './eliminate.ts';
import { Rewriter } from './rewrite.ts';

/** Input of a segment that holds the averages of the cut before it, float32 [P]. */
export const REDUCED = 'reduced';
/** Output of a segment that holds what the replicas average next, float32 [P]. */
export const EXCHANGE = 'exchange';
/** Prefix of values that the host or a later segment of the same replica takes over. */
export const CARRIED = 'carried/';

/** An operation of the host, between two segments. Operands and results have the names of carried values. */
export interface HostCall {
  readonly op: string;
  readonly attributes: Attributes;
  readonly operands: readonly string[];
  readonly results: readonly { readonly name: string; readonly type: ValueType }[];
}

/** Elements [first, end) of a vector. */
export interface Stretch {
  readonly first: number;
  readonly end: number;
}

/** What a replica updates. */
export interface UpdateShare extends Stretch {
  /** Vectors of the state of which the segment reads and makes these elements alone. */
  readonly states: readonly string[];
  /** Length of each. */
  readonly length: number;
  /** The parts of the vector of averages that its input `reduced` holds, one after the other. */
  readonly received: readonly Stretch[];
}

/** One part of a step; its inputs are step inputs, carried values and the averages. */
export interface Segment {
  readonly graph: Graph;
  /** Elements of the exchanged vector; 0 when nothing is averaged after this segment. */
  readonly exchanged: number;
  /** What the host computes after this segment. */
  readonly hostCalls: readonly HostCall[];
  /** Where it updates vectors in part, see `divideUpdate`. */
  readonly share?: UpdateShare;
}

/** The same step for a single device: averages disappear. */
export function withoutReductions(graph: Graph): Graph {
  const rewriter = new Rewriter(graph);
  for (const node of graph.nodes) {
    if (node.op === 'AllReduceMean') rewriter.replace(node.outputs[0]!, rewriter.current(node.inputs[0]!));
    else rewriter.keep(node);
  }
  return eliminateDeadCode(rewriter.finish());
}

/**
 * Segments of a step for several replicas, in order.
 * @throws Error when a scalar output or a next state may differ between replicas because it is not averaged
 */
export function partition(graph: Graph): Segment[] {
  checkAveraged(graph);
  return segments(graph);
}

/** Segments of a step for a single device: averages disappear, the host's operations remain. */
export function partitionAlone(graph: Graph): Segment[] {
  return segments(withoutReductions(graph));
}

function segments(graph: Graph): Segment[] {
  const level = levels(graph);
  const last = Math.max(0, ...graph.nodes.filter(isCut).map((node) => readyAt(node, level) + 1));
  const home = homes(graph, last);
  const repeated = repeatedNodes(graph);
  const parts = Array.from({ length: last + 1 }, (_, index) => part(graph, home, repeated, index, last));
  return parts.map((_, index) => segmentOf(graph, parts, index));
}

const isReduction = (node: GraphNode) => node.op === 'AllReduceMean';
const isHost = (node: GraphNode) => rowOf(node.op).host !== undefined;
const isCut = (node: GraphNode) => isReduction(node) || isHost(node);

type Levels = ReadonlyMap<ValueId, number>;

/** Number of cuts that have to happen before a node can run. */
function readyAt(node: GraphNode, level: Levels): number {
  return Math.max(0, ...node.inputs.map((input) => level.get(input)!));
}

/** Number of cuts that have to happen before each value exists. */
function levels(graph: Graph): Levels {
  const level = new Map<ValueId, number>();
  for (const { value } of [...graph.inputs, ...graph.state]) level.set(value, 0);
  for (const node of graph.nodes) {
    const ready = readyAt(node, level);
    for (const output of node.outputs) level.set(output, isCut(node) ? ready + 1 : ready);
  }
  return level;
}

/** Values that depend on the rows of a replica other than through an average. */
function checkAveraged(graph: Graph): void {
  const local = new Set<ValueId>();
  for (const { value } of graph.inputs) {
    if (graph.types[value]!.shape.some((dim) => typeof dim !== 'number')) local.add(value);
  }
  for (const node of graph.nodes) {
    if (isReduction(node)) continue;
    const differs = randomOps.has(node.op) || node.inputs.some((input) => local.has(input));
    if (differs) node.outputs.forEach((output) => local.add(output));
  }
  // Outputs of a shape of their own are sums over a replica's rows; whoever runs the replicas adds them up.
  const isTally = (value: ValueId) => {
    const { shape } = graph.types[value]!;
    return shape.length > 0 && shape.every((dim) => typeof dim === 'number');
  };
  const compared = [...graph.outputs.filter(({ value }) => !isTally(value)), ...graph.updates];
  for (const { name, value } of compared) {
    if (local.has(value)) {
      throw new Error(`"${name}" would differ between replicas: pass it through allReduceMean in the step`);
    }
  }
}

/**
 * The segment of each node, for a cut the one that it follows: as late as its users allow, so that little is carried
 * over and nothing is computed before the average that needs it.
 */
function homes(graph: Graph, last: number): Map<GraphNode, number> {
  const wanted = new Map<ValueId, number>();
  const want = (value: ValueId, segment: number) =>
    wanted.set(value, Math.min(wanted.get(value) ?? Infinity, segment));
  for (const { value } of [...graph.outputs, ...graph.updates]) want(value, last);
  const home = new Map<GraphNode, number>();
  for (const node of [...graph.nodes].reverse()) {
    const users = Math.min(...node.outputs.map((output) => wanted.get(output) ?? last));
    const segment = isCut(node) ? users - 1 : users;
    home.set(node, segment);
    node.inputs.forEach((input) => want(input, segment));
  }
  return home;
}

/** What one segment computes, averages and needs from elsewhere. */
interface Part {
  readonly nodes: readonly GraphNode[];
  /** Averages whose results enter this segment. */
  readonly received: readonly GraphNode[];
  /** Averages whose operands leave this segment. */
  readonly sent: readonly GraphNode[];
  /** Operations of the host after this segment. */
  readonly hosted: readonly GraphNode[];
  /** Values that nodes or received averages of this segment make. */
  readonly made: ReadonlySet<ValueId>;
  /** Values of earlier segments that it reads. */
  readonly carriedIn: readonly ValueId[];
}

function part(
  graph: Graph,
  home: ReadonlyMap<GraphNode, number>,
  repeated: ReadonlySet<GraphNode>,
  index: number,
  last: number,
): Part {
  const cutsAfter = (segment: number) =>
    graph.nodes.filter((node) => isCut(node) && home.get(node) === segment);
  const received = cutsAfter(index - 1).filter(isReduction);
  const sent = cutsAfter(index).filter(isReduction);
  const hosted = cutsAfter(index).filter(isHost);
  const results = index === last ? [...graph.outputs, ...graph.updates].map(({ value }) => value) : [];
  const needed = new Set([...sent, ...hosted].flatMap((node) => node.inputs).concat(results));
  const nodes = [...graph.nodes].reverse().filter((node) => {
    const isNeeded = node.outputs.some((output) => needed.has(output));
    const belongs = repeated.has(node) ? isNeeded : !isCut(node) && home.get(node) === index;
    if (belongs) node.inputs.forEach((input) => needed.add(input));
    return belongs;
  });
  const made = new Set([...nodes, ...received].flatMap((node) => node.outputs));
  const given = new Set([...graph.inputs, ...graph.state].map(({ value }) => value));
  const carriedIn = [...needed].filter((value) => !made.has(value) && !given.has(value));
  hosted.flatMap((node) => node.inputs).forEach((operand) => checkComputed(operand, given));
  return { nodes: nodes.reverse(), received, sent, hosted, made, carriedIn };
}

/**
 * Nodes that every segment repeats that needs them, because that costs less than to carry their results: reshapes, and
 * what depends on nothing but the state.
 */
function repeatedNodes(graph: Graph): Set<GraphNode> {
  const ofState = new Set(graph.state.map(({ value }) => value));
  const repeated = new Set<GraphNode>();
  for (const node of graph.nodes) {
    const isOfState =
      !isCut(node) && !randomOps.has(node.op) && node.inputs.every((input) => ofState.has(input));
    if (isOfState) node.outputs.forEach((output) => ofState.add(output));
    if (isOfState || node.op === 'Reshape') repeated.add(node);
  }
  return repeated;
}

function checkComputed(operand: ValueId, given: ReadonlySet<ValueId>): void {
  if (given.has(operand)) throw new Error('an operation of the host takes computed values, not a raw input');
}

function segmentOf(graph: Graph, parts: readonly Part[], index: number): Segment {
  const { nodes, received, sent, hosted, made, carriedIn } = parts[index]!;
  const isLast = index === parts.length - 1;
  const builder = new Rewriter({ ...graph, nodes: [] });
  const inputs: NamedValue[] = [...graph.inputs];
  if (received.length > 0) inputs.push({ name: REDUCED, value: unpackVector(builder, graph, received) });
  nodes.forEach((node) => builder.keep(node));
  const outputs: NamedValue[] = [];
  if (sent.length > 0) outputs.push({ name: EXCHANGE, value: packVector(builder, graph, sent) });
  const later = new Set([
    ...parts.slice(index + 1).flatMap((other) => other.carriedIn),
    ...parts.slice(index).flatMap((other) => other.hosted.flatMap((node) => node.inputs)),
  ]);
  const carriedOut = [...made].filter((value) => later.has(value));
  const assembled: Graph = {
    types: builder.types,
    nodes: builder.nodes,
    inputs: [...inputs, ...carriedIn.map(carried)],
    state: graph.state,
    outputs: [...outputs, ...carriedOut.map(carried), ...(isLast ? graph.outputs : [])],
    updates: isLast ? graph.updates : [],
  };
  return {
    graph: withoutUnusedInputs(eliminateDeadCode(assembled)),
    exchanged: sent.reduce((sum, node) => sum + elementCount(graph.types[node.inputs[0]!]!), 0),
    hostCalls: hosted.map(({ op, attributes, inputs: operands, outputs: results }) => ({
      op,
      attributes,
      operands: operands.map((value) => carried(value).name),
      results: results.map((value) => ({ name: carried(value).name, type: graph.types[value]! })),
    })),
  };
}

const carried = (value: ValueId) => ({ name: `${CARRIED}${value}`, value });

/** Flattens the operands of the averages into one vector. */
function packVector(builder: Rewriter, graph: Graph, sent: readonly GraphNode[]): ValueId {
  const flat = sent.map((node) => {
    const size = elementCount(graph.types[node.inputs[0]!]!);
    return builder.add('Reshape', [node.inputs[0]!], {}, vectorType(size), '');
  });
  const total = flat.reduce((sum, value) => sum + elementCount(builder.types[value]!), 0);
  return flat.length === 1 ? flat[0]! : builder.add('Concat', flat, { axis: 0 }, vectorType(total), '');
}

/** Adds the vector of averages and the nodes that cut it into the averages' results. */
function unpackVector(builder: Rewriter, graph: Graph, received: readonly GraphNode[]): ValueId {
  const sizes = received.map((node) => elementCount(graph.types[node.inputs[0]!]!));
  builder.types.push(vectorType(sizes.reduce((sum, size) => sum + size, 0)));
  const vector = builder.types.length - 1;
  let offset = 0;
  received.forEach((node, index) => {
    const piece = builder.add('Slice', [vector], { begin: [offset] }, vectorType(sizes[index]!), '');
    builder.nodes.push({ op: 'Reshape', inputs: [piece], outputs: node.outputs, attributes: {}, layer: '' });
    offset += sizes[index]!;
  });
  return vector;
}

const vectorType = (size: number): ValueType => ({ shape: [size], dtype: 'float32' });

function withoutUnusedInputs(graph: Graph): Graph {
  const used = new Set(graph.nodes.flatMap((node) => node.inputs));
  [...graph.outputs, ...graph.updates].forEach(({ value }) => used.add(value));
  const isUsed = ({ value }: NamedValue) => used.has(value);
  return { ...graph, inputs: graph.inputs.filter(isUsed), state: graph.state.filter(isUsed) };
}
