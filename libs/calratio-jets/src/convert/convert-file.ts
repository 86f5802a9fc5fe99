import { stat } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import type { ColumnFile, ColumnTable } from '@hep/datasets/columns';
import { openParquetFile } from '@hep/datasets/parquet';
import { openRootFile } from '@hep/datasets/root';
import { removeUnfinished, withLock } from '@hep/files';
import { isUserError } from '@hep/options';
import type { ConversionSettings } from './ntuple.ts';
import { convertNtuple, NTUPLE_TREE } from './ntuple.ts';

/** A file to convert: ROOT, or `.parquet` with the branches as columns. */
export interface Conversion {
  readonly input: string;
  readonly output: string;
  readonly settings: ConversionSettings;
}

/** Writes tables of the same columns as one file that is whole or absent. */
export type TableWriter = (path: string, tables: AsyncIterable<ColumnTable>) => Promise<void>;

/** What became of a file. */
export type ConversionOutcome =
  | { readonly kind: 'written'; readonly events: number; readonly rows: number }
  | { readonly kind: 'exists' | 'locked' | 'no events' | 'no rows' }
  /** One line that says why, from a `UserError`. */
  | { readonly kind: 'failed'; readonly reason: string };

/**
 * Converts a file unless its output exists or another process is at it (`<output>.lock`). Nothing is written for a
 * file without events or without rows. A file that cannot be read or written is an outcome, not an error.
 */
export async function convertFile(
  { input, output, settings }: Conversion,
  write: TableWriter,
): Promise<ConversionOutcome> {
  try {
    if (await exists(output)) return { kind: 'exists' };
    const locked = await withLock(output, async () => {
      // another process may have finished between the first look and the lock
      if (await exists(output)) return { kind: 'exists' } as const;
      await removeUnfinished(dirname(output), (name) => name === basename(output));
      return convertUnderLock(input, output, settings, write);
    });
    return locked === undefined ? { kind: 'locked' } : locked.result;
  } catch (error) {
    if (isUserError(error)) return { kind: 'failed', reason: error.message };
    throw error;
  }
}

async function convertUnderLock(
  input: string,
  output: string,
  settings: ConversionSettings,
  write: TableWriter,
): Promise<ConversionOutcome> {
  const file = await openNtuple(input);
  try {
    if (file.rows === 0) return { kind: 'no events' };
    const tables = withRows(convertNtuple(file, settings));
    const first = await tables.next();
    if (first.done === true) return { kind: 'no rows' };
    let rows = 0;
    await write(
      output,
      counted(first.value, tables, (added) => (rows += added)),
    );
    return { kind: 'written', events: file.rows, rows };
  } finally {
    await file.close();
  }
}

async function openNtuple(path: string): Promise<ColumnFile> {
  return extname(path) === '.parquet' ? openParquetFile(path) : openRootFile(path, { tree: NTUPLE_TREE });
}

async function* withRows(tables: AsyncIterable<ColumnTable>): AsyncGenerator<ColumnTable> {
  for await (const table of tables) if (table.rows > 0) yield table;
}

async function* counted(
  first: ColumnTable,
  others: AsyncIterable<ColumnTable>,
  count: (rows: number) => void,
): AsyncGenerator<ColumnTable> {
  count(first.rows);
  yield first;
  for await (const table of others) {
    count(table.rows);
    yield table;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
