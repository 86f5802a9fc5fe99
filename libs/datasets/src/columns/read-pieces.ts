import type { ColumnFile, ColumnTable, RowRange } from './column.ts';

const PIECE_BYTES = 2 ** 26;
/** Rows that are read together where a file does not say how it stores them. */
const USUAL_ROWS = 2 ** 13;
const VALUE_BYTES = 8;

/** Part of a table: the columns of `table` in the rows `range` of the file. */
export interface TablePiece {
  readonly range: RowRange;
  readonly table: ColumnTable;
}

/** Stretches of rows that a file is best read in: those in which it is stored, or some thousand rows. */
export function rowStretches({
  rows,
  stretches,
}: Pick<ColumnFile, 'rows' | 'stretches'>): readonly RowRange[] {
  if (stretches !== undefined) return stretches;
  const count = Math.ceil(rows / USUAL_ROWS);
  return Array.from({ length: count }, (_, i) => ({
    first: i * USUAL_ROWS,
    end: Math.min(rows, (i + 1) * USUAL_ROWS),
  }));
}

/**
 * Columns of a whole file in pieces of about 64 MiB, stretch by stretch of its rows; of a long stretch some columns at
 * a time.
 */
export async function* readPieces(file: ColumnFile, names: readonly string[]): AsyncGenerator<TablePiece> {
  for (const range of rowStretches(file)) {
    const rows = Math.max(1, range.end - range.first);
    const width = Math.max(1, Math.floor(PIECE_BYTES / (rows * VALUE_BYTES)));
    for (let i = 0; i < names.length; i += width) {
      yield { range, table: await file.read(names.slice(i, i + width), range) };
    }
  }
}
