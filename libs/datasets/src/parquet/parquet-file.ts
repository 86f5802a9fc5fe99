import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { UserError } from '@hep/options/user-error';
import type { Column, ColumnFile, ColumnTable, RowRange } from '../columns/column.ts';
import { freeColumns } from '../columns/free-memory.ts';
import { joinColumns } from '../columns/join-columns.ts';
import { requireColumns, rowsWithin } from '../columns/require-columns.ts';
import { atPlace } from '../damage.ts';
import { ColumnPages } from './column-pages.ts';
import { readColumn } from './column-reader.ts';
import type { Footer } from './footer.ts';
import { readFooter } from './footer.ts';
import type { Leaf } from './schema.ts';
import { StoppedColumns } from './stopped-columns.ts';

/** Longer row groups are read in parts. */
const STRETCH_ROWS = 2 ** 20;

/**
 * Opens a Parquet file: flat columns and lists of numbers, booleans and texts; plain, dictionary, run-length,
 * byte-stream-split and delta encodings; no compression, snappy, gzip, brotli or zstd. Missing values become NaN in columns of
 * real numbers and are an error elsewhere.
 * @throws UserError with file, column and row when the file is damaged
 */
export async function openParquetFile(path: string): Promise<ColumnFile> {
  const handle = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${path}: cannot be read (${error.code}), expected a Parquet file`);
  });
  try {
    const { size } = await handle.stat();
    return columnFile(path, handle, await atPlace(path, () => readFooter(handle, size)));
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function columnFile(path: string, handle: FileHandle, footer: Footer): ColumnFile {
  const types = new Map(footer.leaves.map(({ name, type }) => [name, type]));
  const stopped = new StoppedColumns();
  return {
    path,
    rows: footer.rows,
    types,
    stretches: footer.groups.flatMap(({ firstRow, rows }) => parts(firstRow, rows)),
    read: (names, range) => {
      requireColumns(path, types.keys(), names);
      return readTable(path, handle, footer, stopped, names, rowsWithin(footer.rows, range));
    },
    close: () => handle.close(),
  };
}

function parts(firstRow: number, rows: number): RowRange[] {
  const end = firstRow + rows;
  return Array.from({ length: Math.ceil(rows / STRETCH_ROWS) }, (_, i) => {
    const first = firstRow + i * STRETCH_ROWS;
    return { first, end: Math.min(end, first + STRETCH_ROWS) };
  });
}

async function readTable(
  path: string,
  handle: FileHandle,
  footer: Footer,
  stopped: StoppedColumns,
  names: readonly string[],
  range: RowRange,
): Promise<ColumnTable> {
  const columns = new Map<string, Column>();
  const positions = new Map(footer.leaves.map(({ name }, index) => [name, index]));
  for (const name of names) {
    columns.set(name, await readAcrossGroups(path, handle, footer, stopped, positions.get(name)!, range));
  }
  return { rows: range.end - range.first, columns, release: () => freeColumns(columns) };
}

async function readAcrossGroups(
  path: string,
  handle: FileHandle,
  { leaves, groups }: Footer,
  stopped: StoppedColumns,
  position: number,
  { first, end }: RowRange,
): Promise<Column> {
  const leaf = leaves[position];
  checkReadable(path, leaf);
  const found: Column[] = [];
  for (const { firstRow, rows, chunks } of groups) {
    const within = { first: Math.max(0, first - firstRow), end: Math.min(rows, end - firstRow) };
    if (within.first >= within.end) continue;
    const place = (row?: number) =>
      row === undefined ? `rows ${firstRow} to ${firstRow + rows - 1}` : `row ${firstRow + row}`;
    const chunk = chunks[position];
    const pages = stopped.take(position, chunk) ?? new ColumnPages(handle, leaf, chunk);
    found.push(
      await atPlace(
        (row) => `${path} ${place(row)}, column ${leaf.name}`,
        () => readColumn(pages, leaf, within, chunk.values / rows),
      ),
    );
    if (within.end === rows) pages.forget();
    stopped.keep(position, chunk, pages);
  }
  return joinColumns(found, leaf.type);
}

function checkReadable(path: string, { name, value, physical }: Leaf): void {
  if (value !== 'other') return;
  throw new UserError(
    `${path}: column ${name} holds ${physical} values of a kind that is not read, expected numbers or texts, flat or in lists; leave it out`,
  );
}
