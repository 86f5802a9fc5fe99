/** Tracks in the form in which the network takes them. */
import { TRACK_FEATURES } from '@hep/track-dnn';

/** Inputs of the network for one track. */
export const FEATURES = TRACK_FEATURES.length;

/** Tracks, what simulation says of them, and the event that each belongs to. */
export interface TrackTable {
  readonly rows: number;
  /** Raw variables in the order of `TRACK_FEATURES`, [rows, 29]. */
  readonly features: Float32Array;
  /** `trk_originalAlgo`, [rows]. */
  readonly iterations: Uint8Array;
  /** 1: matched to a simulated particle, 0: fake, [rows]. */
  readonly isTrue: Uint8Array;
  /** Score of the decision trees that the network replaces, `(trk_mva + 1) / 2`, [rows]; null where files lack it. */
  readonly treeScores: Float32Array | null;
  /** Hash of the event that the track belongs to, [rows]: what has one hash stays on one side of a split. */
  readonly groups: Uint32Array;
}

/** Column of `trk_pt` [GeV] among the features. */
const PT = TRACK_FEATURES.findIndex(({ name }) => name === 'trk_pt');

/** Transverse momenta of the tracks, GeV, [rows]. */
export function transverseMomenta({ rows, features }: TrackTable): Float32Array {
  return Float32Array.from({ length: rows }, (_, row) => features[row * FEATURES + PT]);
}

/** The tracks of these rows in their order; rows may repeat. Numbers for the engine lie in shared memory. */
export function selectTracks(table: TrackTable, rows: Int32Array): TrackTable {
  const features = new Float32Array(new SharedArrayBuffer(rows.length * FEATURES * 4));
  rows.forEach((row, i) =>
    features.set(table.features.subarray(row * FEATURES, (row + 1) * FEATURES), i * FEATURES),
  );
  const { treeScores } = table;
  return {
    rows: rows.length,
    features,
    iterations: Uint8Array.from(rows, (row) => table.iterations[row]),
    isTrue: Uint8Array.from(rows, (row) => table.isTrue[row]),
    treeScores: treeScores === null ? null : Float32Array.from(rows, (row) => treeScores[row]),
    groups: Uint32Array.from(rows, (row) => table.groups[row]),
  };
}

/** Tables one after the other; without scores of the trees when one of them has none. */
export function joinTracks(tables: readonly TrackTable[]): TrackTable {
  if (tables.length === 1) return tables[0];
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const scores = tables.map(({ treeScores }) => treeScores);
  return {
    rows,
    features: joined(
      new Float32Array(rows * FEATURES),
      tables.map(({ features }) => features),
    ),
    iterations: joined(
      new Uint8Array(rows),
      tables.map(({ iterations }) => iterations),
    ),
    isTrue: joined(
      new Uint8Array(rows),
      tables.map(({ isTrue }) => isTrue),
    ),
    treeScores: scores.every((part) => part !== null) ? joined(new Float32Array(rows), scores) : null,
    groups: joined(
      new Uint32Array(rows),
      tables.map(({ groups }) => groups),
    ),
  };
}

function joined<A extends Float32Array | Uint8Array | Uint32Array>(whole: A, parts: readonly A[]): A {
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}
