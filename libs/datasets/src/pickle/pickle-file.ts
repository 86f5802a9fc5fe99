import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { UserError } from '@hep/options/user-error';
import type { Column, ColumnFile, ColumnTable, RowRange } from '../columns/column.ts';
import { requireColumns, rowsWithin } from '../columns/require-columns.ts';
import type { NamedColumn } from './block-reader.ts';
import { readBlock } from './block-reader.ts';
import type { FrameColumns } from './frame-columns.ts';
import { frameColumns } from './frame-columns.ts';
import { TABLE_VOCABULARY } from './globals.ts';
import { PickleSource, storeInFile } from './pickle-source.ts';
import { runPickle } from './run-pickle.ts';
import type { PickleArray } from './values.ts';
import { kindOf, PickleFrame } from './values.ts';

/**
 * Opens a pickled pandas DataFrame (protocols 2 to 5, pandas 1 to 3) without running anything that it says: globals
 * come from a fixed table. Only labels, texts and places of blocks are read; numbers stay in the file until columns are
 * read.
 * @throws UserError with the byte where the file is damaged, holds something else or names any other global
 */
export async function openPickleFile(path: string): Promise<ColumnFile> {
  const handle = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${path}: cannot be read (${error.code}), expected a pickled pandas table`);
  });
  try {
    const source = new PickleSource(path, storeInFile(handle), (await handle.stat()).size);
    const value = await runPickle(source, TABLE_VOCABULARY);
    if (!(value instanceof PickleFrame)) {
      throw new UserError(`${path}: holds ${kindOf(value)}, expected a pandas DataFrame`);
    }
    return columnFile(source, handle, await frameColumns(source, value));
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function columnFile(source: PickleSource, handle: FileHandle, { rows, columns }: FrameColumns): ColumnFile {
  return {
    path: source.path,
    rows,
    types: new Map([...columns].map(([name, { type }]) => [name, type])),
    read: (names, range) => readColumns(source, { rows, columns }, names, range),
    close: () => handle.close(),
  };
}

async function readColumns(
  source: PickleSource,
  { rows, columns }: FrameColumns,
  names: readonly string[],
  range: RowRange | undefined,
): Promise<ColumnTable> {
  requireColumns(source.path, columns.keys(), names);
  const within = rowsWithin(rows, range);
  const wanted = names.map((name) => ({ name, ...columns.get(name)! }));
  const found = new Map<string, Column>();
  const blocks = new Map<PickleArray, NamedColumn[]>();
  for (const column of wanted) {
    const group = blocks.get(column.array);
    if (group === undefined) blocks.set(column.array, [column]);
    else group.push(column);
  }
  for (const [array, group] of blocks) {
    const read = await readBlock(source, array, group, within);
    group.forEach(({ name }, i) => found.set(name, read[i]));
  }
  return {
    rows: within.end - within.first,
    columns: new Map(names.map((name) => [name, found.get(name)!])),
  };
}
