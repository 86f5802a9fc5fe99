/**
 * The update of long vectors, divided among replicas. Optimisers that treat every element alike (Adam and its kind) need of
 * parameters, gradients and moments only the elements that a replica updates; the results are those of the whole, bit for bit.
 */
import type { Attribute, Graph, GraphNode, NamedValue, ValueId, ValueType } from '../ir.ts';
import { elementwiseOps } from '../table/elementwise.ts';
import { eliminateDeadCode } from './eliminate.ts';
import { REDUCED } from './partition.ts';
import type { Segment, Stretch, UpdateShare } from './partition.ts';
import { Rewriter } from './rewrite.ts';

/** Shorter vectors are updated sooner than replicas could tell each other. */
const SHORTEST = 16_384;

/**
 * The last segment of a step, cut down to the share of replica `part` of `parts`; undefined where the update of an element
 * needs others (norms, projections, rotations), or where there are too few.
 */
export function divideUpdate({ graph, ...rest }: Segment, part: number, parts: number): Segment | undefined {
  const lengths = new Set(
    graph.updates.map(({ value }) => vectorLength(graph, value)).filter((length) => length >= SHORTEST),
  );
  for (const length of [...lengths].sort((a, b) => b - a)) {
    const stretch = {
      first: Math.floor((length * part) / parts),
      end: Math.floor((length * (part + 1)) / parts),
    };
    const divided = new Division(graph, length, stretch).divided();
    if (divided !== undefined) return { ...rest, ...divided };
  }
  return undefined;
}

/** Elements of a vector of a fixed length, else 0. */
function vectorLength(graph: Graph, value: ValueId): number {
  const { shape } = graph.types[value]!;
  return shape.length === 1 && typeof shape[0] === 'number' ? shape[0] : 0;
}

/** Rewrites the updates of all vectors of one length. */
class Division {
  private readonly builder: Rewriter;
  /** Values that stand for the stretch of a vector. */
  private readonly cut = new Map<ValueId, ValueId>();
  private readonly reduced: ValueId | undefined;
  private readonly type: ValueType;

  constructor(
    private readonly graph: Graph,
    private readonly length: number,
    private readonly stretch: Stretch,
  ) {
    this.builder = new Rewriter({ ...graph, nodes: [] });
    this.reduced = graph.inputs.find(({ name }) => name === REDUCED)?.value;
    this.type = { shape: [stretch.end - stretch.first], dtype: 'float32' };
  }

  divided(): { readonly graph: Graph; readonly share: UpdateShare } | undefined {
    const { graph, builder, length, stretch } = this;
    if (this.reduced === undefined) return undefined;
    const updated = new Set(graph.updates.map(({ name }) => name));
    const isVector = ({ value }: NamedValue) => vectorLength(graph, value) === length;
    const states = graph.state.filter((state) => isVector(state) && updated.has(state.name));
    for (const { value } of states) this.cut.set(value, this.newValue(this.type));
    const received = this.receivedStretches();
    const total = received.reduce((sum, { first, end }) => sum + end - first, 0);
    const reduced = this.newValue({ shape: [total], dtype: 'float32' });
    for (const node of graph.nodes) this.addNode(node, reduced, received);
    const vectors = graph.updates.filter(isVector);
    if (!vectors.every(({ value }) => this.cut.has(value))) return undefined;
    const isReplaced = (named: NamedValue) => states.includes(named) || vectors.includes(named);
    const renamed = (named: NamedValue) =>
      isReplaced(named) ? { ...named, value: this.cut.get(named.value)! } : named;
    const result = eliminateDeadCode({
      types: builder.types,
      nodes: builder.nodes,
      inputs: graph.inputs.map((input) => (input.name === REDUCED ? { ...input, value: reduced } : input)),
      state: graph.state.map(renamed),
      outputs: graph.outputs,
      updates: graph.updates.map(renamed),
    });
    if (isUsed(result, [this.reduced, ...states.map(({ value }) => value)])) return undefined;
    return { graph: result, share: { ...stretch, length, states: states.map(({ name }) => name), received } };
  }

  private newValue(type: ValueType): ValueId {
    this.builder.types.push(type);
    return this.builder.types.length - 1;
  }

  /** Everything of the averages but the other replicas' elements of vectors. */
  private receivedStretches(): Stretch[] {
    const { graph, stretch } = this;
    const slices = graph.nodes.filter((node) => this.isOfAverages(node));
    return slices
      .map((node): Stretch => {
        const begin = beginOf(node);
        const size = vectorLength(graph, node.outputs[0]!);
        if (size !== this.length) return { first: begin, end: begin + size };
        return { first: begin + stretch.first, end: begin + stretch.end };
      })
      .sort((a, b) => a.first - b.first)
      .reduce<Stretch[]>(joinTouching, []);
  }

  private isOfAverages({ op, inputs }: GraphNode): boolean {
    return op === 'Slice' && inputs[0] === this.reduced;
  }

  /** Adds a node as it is, and where it treats all elements of vectors alike also for the stretch; what nobody needs goes later. */
  private addNode(node: GraphNode, reduced: ValueId, received: readonly Stretch[]): void {
    const { builder, stretch } = this;
    const [output] = node.outputs;
    const isVector = node.outputs.length === 1 && vectorLength(this.graph, output!) === this.length;
    if (this.isOfAverages(node)) {
      const from = beginOf(node) + (isVector ? stretch.first : 0);
      const attributes = { begin: [placeOf(received, from)] };
      if (!isVector) return void builder.nodes.push({ ...node, inputs: [reduced], attributes });
      this.cut.set(output!, builder.add('Slice', [reduced], attributes, this.type, node.layer));
    } else if (isVector && this.isElementwise(node)) {
      const inputs = node.inputs.map((input) => this.cut.get(input) ?? input);
      const type = { ...this.graph.types[output!]!, shape: this.type.shape };
      this.cut.set(output!, builder.add(node.op, inputs, this.attributesOf(node), type, node.layer));
    }
    builder.keep(node);
  }

  private isElementwise({ op, inputs }: GraphNode): boolean {
    if (op === 'Const' || op === 'Fill') return true;
    if (op !== 'Reshape' && !elementwiseOps.has(op)) return false;
    return inputs.every((input) => this.cut.has(input) || this.graph.types[input]!.shape.length === 0);
  }

  private attributesOf({ attributes }: GraphNode): Record<string, Attribute> {
    const { first, end } = this.stretch;
    const isData = (value: Attribute) => ArrayBuffer.isView(value) && value.length === this.length;
    return Object.fromEntries(
      Object.entries(attributes).map(([key, value]) => [
        key,
        isData(value) ? (value as Float32Array).slice(first, end) : value,
      ]),
    );
  }
}

const beginOf = ({ attributes }: GraphNode) => (attributes['begin'] as readonly number[])[0]!;

/** Stretches that touch become one. */
function joinTouching(joined: Stretch[], { first, end }: Stretch): Stretch[] {
  const last = joined.at(-1);
  return last?.end === first
    ? [...joined.slice(0, -1), { first: last.first, end }]
    : [...joined, { first, end }];
}

/** Where the element `at` of the whole comes in the stretches. */
function placeOf(stretches: readonly Stretch[], at: number): number {
  let place = 0;
  for (const { first, end } of stretches) {
    if (at >= first && at < end) return place + at - first;
    place += end - first;
  }
  throw new Error(`element ${at} of the averages is in no stretch`);
}

function isUsed(graph: Graph, values: readonly ValueId[]): boolean {
  const used = new Set([
    ...graph.nodes.flatMap(({ inputs }) => inputs),
    ...[...graph.outputs, ...graph.updates].map(({ value }) => value),
  ]);
  return values.some((value) => used.has(value));
}
