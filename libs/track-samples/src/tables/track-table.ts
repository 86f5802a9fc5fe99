/** Tracks, what simulation says of them, and the event that each belongs to. */
export interface TrackTable {
  readonly rows: number;
  /** Inputs of the network for one track. */
  readonly width: number;
  /** Raw variables in the order of the list of features, [rows, width]. */
  readonly features: Float32Array;
  /** Transverse momenta, GeV, [rows]. */
  readonly pt: Float32Array;
  /** `trk_originalAlgo`, [rows]. */
  readonly iterations: Uint8Array;
  /** 1: matched to a simulated particle, 0: fake, [rows]. */
  readonly isTrue: Uint8Array;
  /** Score of the decision trees that the network replaces, `(trk_mva + 1) / 2`, [rows]; null where files lack it. */
  readonly treeScores: Float32Array | null;
  /** Hash of the event that the track belongs to, [rows]: what has one hash stays on one side of a split. */
  readonly groups: Uint32Array;
}

/** The tracks of these rows in their order; rows may repeat. Numbers for the engine lie in shared memory. */
export function selectTracks(table: TrackTable, rows: Int32Array): TrackTable {
  const { width, treeScores } = table;
  const features = new Float32Array(new SharedArrayBuffer(rows.length * width * 4));
  rows.forEach((row, i) => features.set(table.features.subarray(row * width, (row + 1) * width), i * width));
  return {
    rows: rows.length,
    width,
    features,
    pt: Float32Array.from(rows, (row) => table.pt[row]),
    iterations: Uint8Array.from(rows, (row) => table.iterations[row]),
    isTrue: Uint8Array.from(rows, (row) => table.isTrue[row]),
    treeScores: treeScores === null ? null : Float32Array.from(rows, (row) => treeScores[row]),
    groups: Uint32Array.from(rows, (row) => table.groups[row]),
  };
}

/** Tables of the same features one after the other; without scores of the trees when one of them has none. */
export function joinTracks(tables: readonly TrackTable[]): TrackTable {
  if (tables.length === 1) return tables[0];
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const scores = tables.map(({ treeScores }) => treeScores);
  const width = tables[0]?.width ?? 0;
  return {
    rows,
    width,
    features: joinNumbers(
      new Float32Array(rows * width),
      tables.map(({ features }) => features),
    ),
    pt: joinNumbers(
      new Float32Array(rows),
      tables.map(({ pt }) => pt),
    ),
    iterations: joinNumbers(
      new Uint8Array(rows),
      tables.map(({ iterations }) => iterations),
    ),
    isTrue: joinNumbers(
      new Uint8Array(rows),
      tables.map(({ isTrue }) => isTrue),
    ),
    treeScores: scores.every((part) => part !== null) ? joinNumbers(new Float32Array(rows), scores) : null,
    groups: joinNumbers(
      new Uint32Array(rows),
      tables.map(({ groups }) => groups),
    ),
  };
}

/** Fills `whole` with the parts one after the other. */
export function joinNumbers<A extends Float32Array | Int32Array | Uint8Array | Uint32Array>(
  whole: A,
  parts: readonly A[],
): A {
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}
