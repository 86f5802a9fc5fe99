/** Which patterns are compared: pairs of rows of one table of patterns. */
import { createGenerator } from '@hep/datasets';

/**
 * What a network learns from: `pair` all pairs of modules, `ae` each module with what an autoencoder made of it,
 * `app` both, `threshold` pairs of modules that are near each other.
 */
export const emdPairModes = ['pair', 'ae', 'app', 'threshold'] as const;

/** One of these. */
export type EmdPairMode = (typeof emdPairModes)[number];

/** Rows of a table of patterns, pair by pair. */
export interface PairList {
  readonly first: Int32Array;
  readonly second: Int32Array;
}

/** Pairs to train on and pairs to judge by; no module is in both. */
export interface PairSplit {
  readonly train: PairList;
  readonly validation: PairList;
}

/** How modules become pairs. */
export interface PairRequest {
  readonly mode: EmdPairMode;
  /**
   * Number of modules. Module k is row k of the table; what an autoencoder made of it, where the mode needs that, is row
   * `modules + k`.
   */
  readonly modules: number;
  /** `shuffled`: modules are drawn with the seed; `first`: in the order of the table, as the Ecoder study does. */
  readonly split: 'shuffled' | 'first';
  readonly seed: number;
}

/** Share of the modules that is trained on, as in the study. */
const TRAINING_SHARE = { pair: 0.6, ae: 0.7, app: 0.6, threshold: 0.7 } as const;
/** Threshold pairs are taken within groups of modules, as in produce_pair_data.py. */
const GROUP = 100;
/** Distances that threshold pairs lie between, both exclusive, in sensor cells. */
const NEAR = { least: 0, most: 4 } as const;

/** All pairs of a mode before distances are known; see `nearPairs` for what `threshold` keeps of them. */
export function emdPairs({ mode, modules, split, seed }: PairRequest): PairSplit {
  const inOrder = Int32Array.from({ length: modules }, (_, row) => row);
  const order = split === 'first' ? inOrder : createGenerator(seed).permutation(modules);
  const cut = Math.trunc(TRAINING_SHARE[mode] * modules);
  const pairs = (rows: Int32Array): PairList => {
    const decoded = () => ({ first: rows, second: rows.map((row) => modules + row) });
    if (mode === 'pair') return allPairs([rows]);
    if (mode === 'threshold') return allPairs(groupsOf(rows));
    return mode === 'ae' ? decoded() : joined([decoded(), allPairs([rows])]);
  };
  return { train: pairs(order.slice(0, cut)), validation: pairs(order.slice(cut)) };
}

function groupsOf(rows: Int32Array): Int32Array[] {
  return Array.from({ length: Math.ceil(rows.length / GROUP) }, (_, group) =>
    rows.subarray(group * GROUP, (group + 1) * GROUP),
  );
}

/** All ordered pairs within each group, each row with itself included. */
function allPairs(groups: readonly Int32Array[]): PairList {
  const count = groups.reduce((sum, rows) => sum + rows.length ** 2, 0);
  const first = new Int32Array(count);
  const second = new Int32Array(count);
  let pair = 0;
  for (const rows of groups) {
    for (const row of rows) {
      first.fill(row, pair, pair + rows.length);
      second.set(rows, pair);
      pair += rows.length;
    }
  }
  return { first, second };
}

function joined(lists: readonly PairList[]): PairList {
  const all = (rows: readonly Int32Array[]) => {
    const joinedRows = new Int32Array(rows.reduce((sum, { length }) => sum + length, 0));
    let offset = 0;
    for (const part of rows) {
      joinedRows.set(part, offset);
      offset += part.length;
    }
    return joinedRows;
  };
  return { first: all(lists.map(({ first }) => first)), second: all(lists.map(({ second }) => second)) };
}

/** Pairs with their exact distances in sensor cells. */
export interface LabelledPairs extends PairList {
  readonly distances: Float32Array;
}

/** The pairs that are different but near: 0 < EMD < 4. */
export function nearPairs({ first, second, distances }: LabelledPairs): LabelledPairs {
  const isNear = (_: number, pair: number) => distances[pair] > NEAR.least && distances[pair] < NEAR.most;
  return {
    first: first.filter(isNear),
    second: second.filter(isNear),
    distances: distances.filter(isNear),
  };
}
