import type { ColumnFile, ColumnTable, RowRange } from '../columns/column.ts';

/** Trigger cells that are worth being together; a cell has about 50 bytes. */
const CELLS_AT_ONCE = 500_000;
/** Entries that are read to see how many cells an entry has. */
const FIRST_ENTRIES = 32;
/** An entry after many empty ones may be full: how much longer a piece may be than the one before. */
const MOST_GROWTH = 8;

/** Entries of a file from `first` on. */
export interface EntryPiece {
  readonly first: number;
  readonly table: ColumnTable;
}

/**
 * Lists of numbers of a whole file in pieces of about half a million trigger cells, whatever an entry has. A piece ends
 * where a stretch does that the file stores together, if one ends near, so that little is decompressed twice.
 */
export async function* entryPieces(file: ColumnFile, names: readonly string[]): AsyncGenerator<EntryPiece> {
  let wanted = FIRST_ENTRIES;
  for (let first = 0; first < file.rows;) {
    const range = { first, end: endOf(file, first, wanted) };
    const table = await file.read(names, range);
    const cells = Math.max(1, cellsIn(table, names[0]));
    yield { first, table };
    const entries = range.end - first;
    const next = Math.min((entries * CELLS_AT_ONCE) / cells, entries * MOST_GROWTH);
    wanted = Math.max(1, Math.floor(next));
    first = range.end;
  }
}

function endOf({ rows, stretches = [] }: ColumnFile, first: number, wanted: number): number {
  const isNear = ({ end }: RowRange) => end >= first + wanted / 2 && end <= first + 2 * wanted;
  return stretches.findLast(isNear)?.end ?? Math.min(rows, first + wanted);
}

function cellsIn({ rows, columns }: ColumnTable, name: string): number {
  const column = columns.get(name);
  return column?.kind === 'jagged' ? column.offsets[rows] : rows;
}
