/** A column of some rows of one row group. */
import type { Column, RowRange } from '../columns/column.ts';
import type { ColumnPages, DecodedPage } from './column-pages.ts';
import { startIn } from './column-pages.ts';
import { ListBuilder } from './list-builder.ts';
import type { Leaf } from './schema.ts';
import { ValueSink } from './value-sink.ts';

/** For more there is room when they come: what a file says of their number may be wrong. */
const MOST_EXPECTED = 2 ** 20;

/**
 * Rows of the group [first, end) of a column.
 * @param valuesPerRow in lists, about
 * @throws Damage when pages are damaged, or numbers that cannot be NaN are missing
 */
export async function readColumn(
  pages: ColumnPages,
  leaf: Leaf,
  rows: RowRange,
  valuesPerRow: number,
): Promise<Column> {
  if (!leaf.isNested) return readFlat(pages, leaf, rows);
  const expected = Math.min(MOST_EXPECTED, Math.ceil((rows.end - rows.first) * valuesPerRow));
  const builder = new ListBuilder(leaf, rows, expected);
  for await (const page of pages.from(rows.first)) {
    builder.add(page);
    if (builder.isComplete) break;
  }
  return builder.column();
}

async function readFlat(pages: ColumnPages, leaf: Leaf, rows: RowRange): Promise<Column> {
  const values = new ValueSink(leaf, rows.end - rows.first);
  for await (const page of pages.from(rows.first)) {
    if (page.definitions === undefined) addAll(values, page, rows);
    else addWithGaps(values, page, page.definitions, leaf, rows);
    if (page.firstRow + page.count >= rows.end) break;
  }
  return values.column();
}

function addAll(values: ValueSink, { stored, count, firstRow }: DecodedPage, { first, end }: RowRange): void {
  values.add(stored, Math.max(0, first - firstRow), Math.min(count, end - firstRow));
}

function addWithGaps(
  values: ValueSink,
  page: DecodedPage,
  definitions: Uint8Array,
  { definition }: Leaf,
  { first, end }: RowRange,
): void {
  const { stored, count, firstRow } = page;
  const last = Math.min(count, end - firstRow);
  let { index, value } = startIn(page, first);
  for (; index < first - firstRow; index++) if (definitions[index] === definition) value++;
  let taken = value;
  for (; index < last; index++) {
    if (definitions[index] === definition) {
      value++;
      continue;
    }
    values.add(stored, taken, value);
    values.addMissing(firstRow + index);
    taken = value;
  }
  values.add(stored, taken, value);
  page.end = { row: firstRow + index, index, value };
}
