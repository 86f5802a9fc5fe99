import { readFile } from 'node:fs/promises';
import { npyHeader, NpyError, parseNpyBytes, ZipArchive, ZipError } from '@hep/files';
import type { NpyHeader } from '@hep/files';
import { UserError } from '@hep/options/user-error';
import type { Column, ColumnFile, ColumnTable, RowRange } from '../columns/column.ts';
import { requireColumns, rowsWithin } from '../columns/require-columns.ts';
import { numberTypeOfDtype } from '../pickle/numpy-numbers.ts';

const LARGEST_ARRAY_BYTES = 2 ** 32;
const SUFFIX = '.npy';

interface StoredArray extends NpyHeader {
  readonly name: string;
}

/**
 * Opens a `.npz` file whose arrays are the columns of a table: [rows], or [rows, ...] for the same count of numbers in
 * each row. The archive is in memory; rows are copied when they are asked for.
 * @throws UserError when it is damaged, or its arrays have different lengths or hold no numbers
 */
export async function openNpzFile(path: string): Promise<ColumnFile> {
  const archive = await inFile(path, async () => new ZipArchive(await readFile(path)));
  const contents = new Map<string, Buffer>();
  const arrays = await inFile(path, () => archive.names.map((name) => storedArray(archive, name, contents)));
  const rows = arrays[0]?.shape[0] ?? 0;
  const other = arrays.find(({ shape }) => shape[0] !== rows);
  if (other !== undefined) {
    throw new UserError(
      `${path}: array ${other.name} of shape ${other.shape.join(' x ') || 'nothing'}, expected ${rows} rows as in ${arrays[0].name}`,
    );
  }
  const types = new Map(arrays.map((array) => [array.name, typeOf(array)]));
  return {
    path,
    rows,
    types,
    read: (names, range) => {
      requireColumns(path, types.keys(), names);
      return inFile(path, () => readTable(contents, names, rowsWithin(rows, range)));
    },
    close: () => Promise.resolve(),
  };
}

/** Checksums are verified once, here; contents are parts of the archive unless they were compressed. */
function storedArray(archive: ZipArchive, entry: string, contents: Map<string, Buffer>): StoredArray {
  if (!entry.endsWith(SUFFIX)) throw new NpyError(`${entry} is no NumPy array`);
  const name = entry.slice(0, -SUFFIX.length);
  const content = archive.content(entry, LARGEST_ARRAY_BYTES)!;
  contents.set(name, content);
  return { name, ...named(name, () => npyHeader(content)) };
}

function typeOf({ code, shape }: StoredArray): string {
  const width = shape.slice(1).reduce((product, size) => product * size, 1);
  return `${numberTypeOfDtype({ code }) ?? code}${shape.length > 1 ? `[${width}]` : ''}`;
}

function readTable(
  contents: ReadonlyMap<string, Buffer>,
  names: readonly string[],
  rows: RowRange,
): ColumnTable {
  const columns = names.map((name): [string, Column] => {
    const { shape, values } = named(name, () => parseNpyBytes(contents.get(name)!, rows));
    const width = shape.slice(1).reduce((product, size) => product * size, 1);
    return [name, shape.length > 1 ? { kind: 'fixed', width, values } : { kind: 'flat', values }];
  });
  return { rows: rows.end - rows.first, columns: new Map(columns) };
}

function named<T>(name: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof NpyError) throw new NpyError(`array ${name}: ${error.message}`);
    throw error;
  }
}

async function inFile<T>(path: string, action: () => T | Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof NpyError || error instanceof ZipError)
      throw new UserError(`${path}: ${error.message}`);
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof RangeError || code === 'ERR_FS_FILE_TOO_LARGE') {
      throw new UserError(`${path}: more than memory holds; write it as Parquet`, { cause: error });
    }
    throw error;
  }
}
