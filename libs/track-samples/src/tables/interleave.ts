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

/** The numbers as float32; of float32 numbers themselves. */
export function singlePrecision(values: ArrayLike<number>): Float32Array {
  return values instanceof Float32Array ? values : new Float32Array(values);
}
