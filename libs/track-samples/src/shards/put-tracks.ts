/** Tracks from columns to their places in a shard, and the extremes of what is put there. */
import type { FeatureExtremes } from '@hep/track-dnn/variables';

/** Tracks that are put together at a time: a block of them stays in the processor's nearer caches. */
const BLOCK = 256;

/**
 * Numbers of columns at these rows into rows of `target`, [rows, columns]; row `rows[i]` becomes row `places[i]`. Fastest for
 * rising rows: columns are read as they lie.
 * @param columns finite numbers
 * @param rows one at least
 * @returns extremes of each column at these rows
 */
export function putTracks(
  columns: readonly Float32Array[],
  rows: Int32Array,
  places: Int32Array,
  target: Float32Array,
): FeatureExtremes {
  const width = columns.length;
  const found = columns.map(() => Float32Array.of(Infinity, -Infinity, Infinity));
  for (let first = 0; first < rows.length; first += BLOCK) {
    const [own, to] = [rows.subarray(first, first + BLOCK), places.subarray(first, first + BLOCK)];
    columns.forEach((values, column) => putNumbers(values, own, to, target, column, width, found[column]));
  }
  const of = (which: number) => found.map((extremes) => extremes[which]);
  return { smallest: of(0), largest: of(1), nearestToZero: of(2) };
}

/** Numbers of a column to their places in rows of `target`, and into its extremes. */
function putNumbers(
  values: Float32Array,
  rows: Int32Array,
  places: Int32Array,
  target: Float32Array,
  column: number,
  width: number,
  extremes: Float32Array,
): void {
  let low = extremes[0];
  let high = extremes[1];
  let nearest = extremes[2];
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i]];
    target[places[i] * width + column] = value;
    low = Math.min(low, value);
    high = Math.max(high, value);
    nearest = Math.min(nearest, Math.abs(value));
  }
  extremes[0] = low;
  extremes[1] = high;
  extremes[2] = nearest;
}

/** Numbers at these rows to their places. */
export function placed(values: Float32Array, rows: Int32Array, places: Int32Array): Float32Array {
  const target = new Float32Array(rows.length);
  for (let i = 0; i < rows.length; i++) target[places[i]] = values[rows[i]];
  return target;
}

/** The rows 0 to `count` - 1. */
export function allRows(count: number): Int32Array {
  const rows = new Int32Array(count);
  for (let row = 0; row < count; row++) rows[row] = row;
  return rows;
}
