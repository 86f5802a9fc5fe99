/**
 * The transportation problem by network simplex: cheapest flow from nodes with an excess to nodes with a deficit.
 *
 * A basis is a spanning tree whose arcs carry the flow. Each pivot lets one arc with negative reduced cost enter and
 * the arc that empties first leave. The tree is kept strongly feasible (W. H. Cunningham, Math. Prog. 11 (1976) 105),
 * which rules out cycling on ties. Subtracting the smallest flow of a cycle never makes a float negative, so that every
 * basis is feasible to rounding. All memory is allocated once.
 */
export class TransportSimplex {
  /** Set by the caller before `solve`: positive = to be sent, negative = to be received; the sum should be zero. */
  readonly excess: Float64Array;

  private readonly tolerance: number;
  /** Node pairs by ascending cost, for the greedy start. */
  private readonly pairStart: Int32Array;
  private readonly pairEnd: Int32Array;

  /** Sources are numbered 0..sources-1, sinks from there to nodes-1. */
  private sources = 0;
  private nodes = 0;
  /** 1 when a positive excess makes a source, -1 when a negative one does. */
  private sign: 1 | -1 = 1;
  /** Caller's index of each node, and back. */
  private readonly index: Int32Array;
  private readonly nodeOf: Int32Array;
  /** What the greedy start has not yet shipped, by node, and the side that still takes part, by index. */
  private readonly left: Float64Array;
  private readonly side: Uint8Array;
  /** Costs [sources, sinks]. */
  private readonly cost: Float64Array;

  /** The tree: flow, always from source to sink, on the arc between a node and its parent; -1 = none. */
  private readonly parent: Int32Array;
  private readonly flow: Float64Array;
  private readonly depth: Int32Array;
  private readonly potential: Float64Array;
  private readonly firstChild: Int32Array;
  private readonly nextSibling: Int32Array;
  private readonly previousSibling: Int32Array;

  /**
   * @param costs [size, size], symmetric, finite
   * @param pairs the pairs of indices that may exchange flow; a source and a sink not among them must not occur
   */
  constructor(
    private readonly costs: Float64Array,
    private readonly size: number,
    pairs: readonly (readonly [number, number])[],
  ) {
    const costOf = ([a, b]: readonly [number, number]) => costs[a * size + b];
    const sorted = [...pairs].sort((a, b) => costOf(a) - costOf(b));
    this.pairStart = Int32Array.from(sorted, ([start]) => start);
    this.pairEnd = Int32Array.from(sorted, ([, end]) => end);
    this.tolerance = 1e-12 * costs.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const integers = () => new Int32Array(size);
    const floats = () => new Float64Array(size);
    this.excess = floats();
    this.index = integers();
    this.nodeOf = integers();
    this.left = floats();
    this.side = new Uint8Array(size);
    this.cost = new Float64Array(Math.ceil(size / 2) * Math.ceil(size / 2));
    this.parent = integers();
    this.flow = floats();
    this.depth = integers();
    this.potential = floats();
    this.firstChild = integers();
    this.nextSibling = integers();
    this.previousSibling = integers();
  }

  /** Lowest cost of carrying the positive part of `excess` to its negative part; 0 when either is absent. */
  solve(): number {
    if (!this.split()) return 0;
    this.hangTree(this.startGreedily());
    this.improve();
    return this.totalCost();
  }

  /**
   * After `solve`: the derivative of the lowest cost by a unit taken out of each bin's excess, up to a common constant;
   * 0 where nothing was transported. It is a shortest-path potential of the optimal basis, one of several where the
   * optimum is degenerate. A bin without excess takes the value that its cheapest source gives it, which continues the
   * potential to all bins when the costs are a metric.
   * @param out [size]
   */
  potentials(out: Float64Array): void {
    const { size, excess, nodeOf, index, sources, costs, potential, sign } = this;
    for (let bin = 0; bin < size; bin++) {
      if (sources === 0) {
        out[bin] = 0;
        continue;
      }
      if (excess[bin] !== 0) {
        out[bin] = sign * potential[nodeOf[bin]];
        continue;
      }
      let nearest = Infinity;
      for (let source = 0; source < sources; source++) {
        nearest = Math.min(nearest, potential[source] + costs[index[source] * size + bin]);
      }
      out[bin] = sign * nearest;
    }
  }

  /** Numbers the nodes, the rarer sign as sources (costs are symmetric), and copies their costs together. */
  private split(): boolean {
    const { excess, size, index, nodeOf, left, side, cost, costs } = this;
    let positive = 0;
    let negative = 0;
    for (let k = 0; k < size; k++) {
      if (excess[k] > 0) positive++;
      else if (excess[k] < 0) negative++;
    }
    this.sources = 0;
    if (positive === 0 || negative === 0) return false;
    const sign = positive <= negative ? 1 : -1;
    this.sign = sign;
    const sources = Math.min(positive, negative);
    const nodes = positive + negative;
    let source = 0;
    let sink = sources;
    for (let k = 0; k < size; k++) {
      const amount = sign * excess[k];
      side[k] = amount > 0 ? SOURCE : amount < 0 ? SINK : IDLE;
      if (amount === 0) continue;
      const node = amount > 0 ? source++ : sink++;
      index[node] = k;
      nodeOf[k] = node;
      left[node] = Math.abs(amount);
    }
    for (let i = 0, arc = 0; i < sources; i++) {
      const row = index[i] * size;
      for (let j = sources; j < nodes; j++) cost[arc++] = costs[row + index[j]];
    }
    this.sources = sources;
    this.nodes = nodes;
    return true;
  }

  /**
   * Ships along the cheapest pairs first. Whoever is exhausted first becomes the child of the other, which gives a tree
   * at once. On a tie the sink is exhausted: an arc without flow then always leads from a source up to a sink, which is
   * strong feasibility. Returns the root.
   */
  private startGreedily(): number {
    const { pairStart, pairEnd, side, nodeOf, left, parent, flow, sources, nodes, index } = this;
    let openSources = sources;
    let openSinks = nodes - sources;
    let source = 0;
    let sink = sources;
    for (let k = 0; openSources > 0 && openSinks > 0; k++) {
      const a = pairStart[k];
      const b = pairEnd[k];
      if ((side[a] | side[b]) !== (SOURCE | SINK)) continue;
      source = nodeOf[side[a] === SOURCE ? a : b];
      sink = nodeOf[side[a] === SOURCE ? b : a];
      const supply = left[source];
      const demand = left[sink];
      if (demand <= supply) {
        left[source] = supply - demand;
        parent[sink] = source;
        flow[sink] = demand;
        side[index[sink]] = IDLE;
        openSinks--;
      } else {
        left[sink] = demand - supply;
        parent[source] = sink;
        flow[source] = supply;
        side[index[source]] = IDLE;
        openSources--;
      }
    }
    return this.attachRest(openSinks === 0 ? source : sink, openSinks === 0 ? sink : source);
  }

  /** The last pair holds the root; what rounding left over in other nodes goes to the root's partner. */
  private attachRest(root: number, partner: number): number {
    const { nodes, side, index, parent, flow, left } = this;
    for (let node = 0; node < nodes; node++) {
      if (node === root || side[index[node]] === IDLE) continue;
      parent[node] = partner;
      flow[node] = left[node];
    }
    parent[root] = -1;
    return root;
  }

  /** Child lists, depths and potentials of the tree given by `parent`. */
  private hangTree(root: number): void {
    const { nodes, firstChild, parent, depth, potential } = this;
    firstChild.fill(-1, 0, nodes);
    for (let node = 0; node < nodes; node++) {
      if (node !== root) this.addChild(parent[node], node);
    }
    depth[root] = 0;
    potential[root] = 0;
    this.nextSibling[root] = -1;
    for (let child = firstChild[root]; child >= 0; child = this.nextSibling[child]) this.label(child);
  }

  private addChild(parent: number, node: number): void {
    const { firstChild, nextSibling, previousSibling } = this;
    const next = firstChild[parent];
    nextSibling[node] = next;
    previousSibling[node] = -1;
    if (next >= 0) previousSibling[next] = node;
    firstChild[parent] = node;
  }

  private removeChild(parent: number, node: number): void {
    const { firstChild, nextSibling, previousSibling } = this;
    const next = nextSibling[node];
    const previous = previousSibling[node];
    if (previous >= 0) nextSibling[previous] = next;
    else firstChild[parent] = next;
    if (next >= 0) previousSibling[next] = previous;
  }

  /** Depth and potential of a subtree, top down: a sink's potential is its source's plus the cost of the arc. */
  private label(top: number): void {
    const { sources, nodes, cost, parent, depth, potential, firstChild, nextSibling } = this;
    const sinks = nodes - sources;
    let node = top;
    for (;;) {
      const up = parent[node];
      depth[node] = depth[up] + 1;
      potential[node] =
        node < sources
          ? potential[up] - cost[node * sinks + up - sources]
          : potential[up] + cost[up * sinks + node - sources];
      if (firstChild[node] >= 0) {
        node = firstChild[node];
        continue;
      }
      while (node !== top && nextSibling[node] < 0) node = parent[node];
      if (node === top) return;
      node = nextSibling[node];
    }
  }

  /**
   * Pivots on the best arc of one source after the other until no source has an improving arc. Should rounding ever
   * defeat strong feasibility, the tolerance grows until the search ends.
   */
  private improve(): void {
    const { sources, nodes, cost, potential } = this;
    const sinks = nodes - sources;
    let { tolerance } = this;
    let pivotsLeft = 100 * nodes;
    for (let source = 0, idle = 0; idle < sources; source = source + 1 === sources ? 0 : source + 1) {
      let best = -potential[source] - tolerance;
      let entering = -1;
      for (let sink = sources, arc = source * sinks; sink < nodes; sink++, arc++) {
        const reduced = cost[arc] - potential[sink];
        if (reduced < best) {
          best = reduced;
          entering = sink;
        }
      }
      if (entering < 0) {
        idle++;
        continue;
      }
      idle = 0;
      this.pivot(source, entering);
      if (--pivotsLeft === 0) {
        tolerance = 10 * tolerance + Number.MIN_VALUE;
        pivotsLeft = 100 * nodes;
      }
    }
  }

  /** Sends what it can around the cycle that the arc source -> sink closes, and exchanges it for the emptied arc. */
  private pivot(source: number, sink: number): void {
    const { sources, parent, flow, depth } = this;
    let a = source;
    let b = sink;
    let amountA = Infinity;
    let amountB = Infinity;
    let leavingA = -1;
    let leavingB = -1;
    // Flow runs down to the source and up from the sink. Of several emptied arcs the last one on this way leaves.
    while (a !== b) {
      if (depth[a] >= depth[b]) {
        if (a < sources && flow[a] < amountA) {
          amountA = flow[a];
          leavingA = a;
        }
        a = parent[a];
      } else {
        if (b >= sources && flow[b] <= amountB) {
          amountB = flow[b];
          leavingB = b;
        }
        b = parent[b];
      }
    }
    const amount = Math.min(amountA, amountB);
    for (let node = source; node !== a; node = parent[node]) flow[node] += node < sources ? -amount : amount;
    for (let node = sink; node !== a; node = parent[node]) flow[node] += node < sources ? amount : -amount;
    if (amountB <= amountA) this.rehang(sink, source, leavingB, amount);
    else this.rehang(source, sink, leavingA, amount);
  }

  /** Cuts the subtree of `last` off and hangs it by its node `top` below `newParent`, turning the way between over. */
  private rehang(top: number, newParent: number, last: number, amount: number): void {
    const { parent, flow } = this;
    let node = top;
    let above = newParent;
    let carried = amount;
    for (;;) {
      const oldParent = parent[node];
      const oldFlow = flow[node];
      this.removeChild(oldParent, node);
      parent[node] = above;
      flow[node] = carried;
      this.addChild(above, node);
      if (node === last) break;
      above = node;
      node = oldParent;
      carried = oldFlow;
    }
    this.label(top);
  }

  private totalCost(): number {
    const { nodes, sources, cost, parent, flow } = this;
    const sinks = nodes - sources;
    let total = 0;
    for (let node = 0; node < nodes; node++) {
      const up = parent[node];
      if (up < 0) continue;
      total +=
        flow[node] * (node < sources ? cost[node * sinks + up - sources] : cost[up * sinks + node - sources]);
    }
    return total;
  }
}

/** Sides of the problem as bits: a pair may exchange flow when both bits occur. */
const IDLE = 0;
const SOURCE = 1;
const SINK = 2;
