import type { ColumnFile, ColumnTable, RowRange } from '../columns/column.ts';
import { sliceTable } from '../columns/slice-column.ts';

/** Trigger cells that are decoded together, 44 bytes each: ROOT often stores as many in one basket of a branch. */
const CELLS_DECODED = 3_000_000;
/** Trigger cells that become modules together, between which other work may run. */
const CELLS_AT_ONCE = 500_000;
/** Entries that are read to see how many cells an entry has. */
const FIRST_ENTRIES = 32;
/** An entry after many empty ones may be full: how much longer a portion may be than the one before. */
const MOST_GROWTH = 8;

/** Entries of a file from `first` on. */
export interface EntryPiece {
  readonly first: number;
  readonly table: ColumnTable;
}

/**
 * Lists of numbers of a whole file in pieces of half a million trigger cells or one entry, out of portions of about three
 * million, whatever an entry has. A portion ends where a stretch does that the file stores together, if one ends not far
 * before, so that little is decompressed twice. A piece is valid until the next one is asked for.
 */
export async function* entryPieces(file: ColumnFile, names: readonly string[]): AsyncGenerator<EntryPiece> {
  let wanted = FIRST_ENTRIES;
  for (let first = 0; first < file.rows;) {
    const range = { first, end: endOf(file, first, wanted) };
    const table = await file.read(names, range);
    const ends = cellEnds(table, names[0]);
    for (const part of pieces(ends)) {
      yield { first: first + part.first, table: sliceTable(table, part.first, part.end) };
    }
    const cells = Math.max(1, ends[table.rows]);
    table.release?.();
    wanted = Math.max(1, Math.floor(table.rows * Math.min(CELLS_DECODED / cells, MOST_GROWTH)));
    first = range.end;
  }
}

function endOf({ rows, stretches = [] }: ColumnFile, first: number, wanted: number): number {
  const isNear = ({ end }: RowRange) => end >= first + wanted / 4 && end <= first + wanted;
  return stretches.findLast(isNear)?.end ?? Math.min(rows, first + wanted);
}

/** Number of cells before each entry, and of all. */
function cellEnds({ rows, columns }: ColumnTable, name: string): Uint32Array {
  const column = columns.get(name);
  return column?.kind === 'jagged' ? column.offsets : Uint32Array.from({ length: rows + 1 }, (_, row) => row);
}

function* pieces(ends: Uint32Array): Generator<RowRange> {
  const rows = ends.length - 1;
  for (let first = 0; first < rows;) {
    let end = first + 1;
    while (end < rows && ends[end + 1] - ends[first] <= CELLS_AT_ONCE) end++;
    yield { first, end };
    first = end;
  }
}
