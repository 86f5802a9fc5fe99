/** Rows of one sample arranged to the length or the pieces of another; as indices, so that no data is copied. */

/**
 * Row numbers that bring a sample to `length` rows: cut when it is longer, mirrored at its end, again and again, when it
 * is shorter (0 1 2 2 1 0 0 1 ...; NumPy's `symmetric` padding).
 * @throws Error when rows are wanted and there are none
 */
export function fittedRows(rows: number, length: number): Int32Array {
  if (rows < 1 && length > 0) throw new Error(`sample has no rows, ${length} wanted`);
  return Int32Array.from({ length }, (_, k) => {
    const position = k % (2 * rows);
    return position < rows ? position : 2 * rows - 1 - position;
  });
}

/** A stretch of rows [first, end). */
export interface RowRange {
  readonly first: number;
  readonly end: number;
}

/** Rows in consecutive pieces; the first `rows mod pieces` have one more than the others. */
export function splitRows(rows: number, pieces: number): RowRange[] {
  const size = Math.floor(rows / pieces);
  const larger = rows % pieces;
  const start = (piece: number) => piece * size + Math.min(piece, larger);
  return Array.from({ length: pieces }, (_, piece) => ({ first: start(piece), end: start(piece + 1) }));
}

/** Rows of a table in a new order or number; `width` numbers per row. */
export function takeRows(values: Float32Array, width: number, rows: ArrayLike<number>): Float32Array {
  const taken = new Float32Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) {
    taken.set(values.subarray(rows[i] * width, (rows[i] + 1) * width), i * width);
  }
  return taken;
}
