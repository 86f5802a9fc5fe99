import type { ColumnFile, RowRange } from './column.ts';
import type { NumberType } from './number-types.ts';
import { NUMBER_ARRAYS } from './number-types.ts';
import type { TablePiece } from './read-pieces.ts';
import { rowStretches } from './read-pieces.ts';
import { sliceTable } from './slice-column.ts';

/** What is decoded at a time: a row group of 80 000 jets in float32. */
const PORTION_BYTES = 2 ** 28;
/** A guess for texts and lists, whose length no type tells. */
const OTHER_BYTES = 64;

/**
 * Columns of a whole file, at most `rowsAtOnce` rows together. A stretch that the file stores together is decoded once
 * if its columns take no more than 256 MiB, a longer one in portions of that size.
 */
export async function* readBatches(
  file: ColumnFile,
  names: readonly string[],
  rowsAtOnce: number,
): AsyncGenerator<TablePiece> {
  const rowBytes = names.reduce((sum, name) => sum + valueBytes(file.types.get(name)), 0);
  const batches = Math.max(1, Math.floor(PORTION_BYTES / Math.max(1, rowBytes) / rowsAtOnce));
  for (const portion of rowStretches(file).flatMap((stretch) => pieces(stretch, batches * rowsAtOnce))) {
    const table = await file.read(names, portion);
    for (const range of pieces(portion, rowsAtOnce)) {
      yield { range, table: sliceTable(table, range.first - portion.first, range.end - portion.first) };
    }
  }
}

function valueBytes(type: string | undefined): number {
  return NUMBER_ARRAYS[type as NumberType]?.BYTES_PER_ELEMENT ?? OTHER_BYTES;
}

function pieces({ first, end }: RowRange, rows: number): RowRange[] {
  return Array.from({ length: Math.ceil((end - first) / rows) }, (_, i) => ({
    first: first + i * rows,
    end: Math.min(end, first + (i + 1) * rows),
  }));
}
