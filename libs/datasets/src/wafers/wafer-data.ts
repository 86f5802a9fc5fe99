import type { TextColumn } from '../csv/columns.ts';
import type { RowOrigin } from '../csv/batch.ts';

/** Trigger cells of a module: the charges of one row. */
export const CELLS = 48;

/** CALQ counts per MIP_T as the Ecoder study takes it (the exact physical value is 35.12). */
export const CALQ_PER_MIP_T = 35;

/**
 * Numbers that describe a module beside its charges: event, detector part, layer, wafer position (u, v), direction of
 * the module's centre (eta, phi in radians), simulated energies in GeV and the share of the event's energy, thickness of
 * the silicon (wafertype: 0 for 120, 1 for 200, 2 for 300 micrometres).
 */
export const sideColumns = [
  'entry',
  'zside',
  'subdet',
  'layer',
  'waferu',
  'waferv',
  'tc_eta',
  'tc_phi',
  'SimEnergyTotal',
  'EventSimEnergyTotal',
  'SimEnergyFraction',
  'wafertype',
] as const;

/** One of these. */
export type SideColumn = (typeof sideColumns)[number];

/** Modules: one row is one module in one event. */
export interface WaferData {
  readonly rows: number;
  /** CALQ counts, float32 [rows, 48], trigger cells in CALQ order. Whole numbers below 2^24 in practice. */
  readonly charges: Float32Array<ArrayBuffer>;
  /** Float64 [rows] each; only columns that the source has. */
  readonly side: ReadonlyMap<SideColumn, Float64Array<ArrayBuffer>>;
  /** Shape of the module (`FI`, `FM`, `FO` are full, others partial), where the source has it. */
  readonly moduleType?: TextColumn;
  /** File and line of each row; generated rows have none. */
  readonly origin?: RowOrigin;
}

/** The rows `indices` of a data set, copied, in that order. */
export function selectWafers(data: WaferData, indices: Int32Array): WaferData {
  const rows = indices.length;
  const charges = new Float32Array(rows * CELLS);
  indices.forEach((from, to) =>
    charges.set(data.charges.subarray(from * CELLS, (from + 1) * CELLS), to * CELLS),
  );
  const side = new Map(
    [...data.side].map(([name, column]) => [name, Float64Array.from(indices, (row) => column[row])] as const),
  );
  const { moduleType } = data;
  return {
    rows,
    charges,
    side,
    ...(moduleType && { moduleType: { ...moduleType, codes: indices.map((row) => moduleType.codes[row]) } }),
  };
}

/** The first `rows` rows, without copying. */
export function firstWafers(data: WaferData, rows: number): WaferData {
  const { moduleType, origin } = data;
  const kept = Math.min(rows, data.rows);
  return {
    rows: kept,
    charges: data.charges.subarray(0, kept * CELLS),
    side: new Map([...data.side].map(([name, column]) => [name, column.subarray(0, kept)] as const)),
    ...(moduleType && { moduleType: { ...moduleType, codes: moduleType.codes.subarray(0, kept) } }),
    ...(origin && { origin }),
  };
}

/**
 * Adds up rows (0, 1), (2, 3), ... in place: an event with twice the pile-up. An odd last row is dropped; all other
 * columns keep the value of the first row of each pair.
 */
export function doubleWafers(data: WaferData): WaferData {
  const rows = Math.floor(data.rows / 2);
  const { charges } = data;
  for (let row = 0; row < rows; row++) {
    for (let cell = 0; cell < CELLS; cell++) {
      const pair = 2 * row * CELLS + cell;
      charges[row * CELLS + cell] = charges[pair] + charges[pair + CELLS];
    }
  }
  const columns = [...data.side.values(), data.moduleType?.codes, data.origin?.lines];
  for (const column of columns) {
    if (column !== undefined) for (let row = 0; row < rows; row++) column[row] = column[2 * row];
  }
  const files = data.origin?.files.map(({ path, firstRow }) => ({ path, firstRow: Math.ceil(firstRow / 2) }));
  const halved = firstWafers(data, rows);
  return data.origin && files ? { ...halved, origin: { lines: data.origin.lines, files } } : halved;
}
