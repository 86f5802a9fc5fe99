/** From columns to rows. */

/** Rows that are put together at a time: a block of them stays in the processor's nearer caches. */
const BLOCK = 512;

/** Numbers of columns row by row, [rows, columns]. */
export function interleave(columns: readonly Float32Array[], rows: number): Float32Array {
  const width = columns.length;
  const target = new Float32Array(rows * width);
  for (let first = 0; first < rows; first += BLOCK) {
    const end = Math.min(rows, first + BLOCK);
    for (let column = 0; column < width; column++) {
      const values = columns[column];
      for (let row = first, to = first * width + column; row < end; row++, to += width) {
        target[to] = values[row];
      }
    }
  }
  return target;
}

/**
 * Numbers of columns at these rows into rows of `target`, [rows, columns]; row `rows[i]` becomes row `places[i]`. Fastest for
 * rising rows: columns are read as they lie, and each row is written at once.
 */
export function putRows(
  columns: readonly Float32Array[],
  rows: Int32Array,
  target: Float32Array,
  places: Int32Array,
): void {
  const width = columns.length;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    for (let column = 0, to = places[i] * width; column < width; column++, to++) {
      target[to] = columns[column][row];
    }
  }
}

/** The numbers as float32; of float32 numbers themselves. */
export function singlePrecision(values: ArrayLike<number>): Float32Array {
  return values instanceof Float32Array ? values : new Float32Array(values);
}
