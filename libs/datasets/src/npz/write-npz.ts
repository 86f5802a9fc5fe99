import type { NumpyArray } from '@hep/files';
import { atomicWrite, npzBytes } from '@hep/files';
import { UserError } from '@hep/options/user-error';
import type { Column } from '../columns/column.ts';
import type { TableStream } from '../columns/table-stream.ts';
import { emptyTable, joinTables } from '../columns/table-stream.ts';

/** Positions in an archive have 32 bits; names and headers take about so much for each array. */
const LARGEST_ARCHIVE_BYTES = 2 ** 32;
const HEADER_BYTES = 512;

/**
 * Writes a table as `.npz`, one array [rows] for each column, [rows, width] for fixed counts. All of it is in memory at
 * once; write large tables as Parquet.
 * @returns the number of rows
 * @throws UserError for columns of texts or lists
 */
export async function writeNpz(path: string, { types, tables }: TableStream): Promise<number> {
  const parts = [emptyTable(types)];
  for await (const table of tables) parts.push(table);
  const { rows, columns } = joinTables(parts, types);
  const arrays = [...types].map(([name, type]): [string, NumpyArray] => [
    name,
    arrayOf(path, name, type, columns.get(name)!),
  ]);
  const bytes = arrays.reduce((sum, [, { values }]) => sum + values.byteLength + HEADER_BYTES, 0);
  if (bytes >= LARGEST_ARCHIVE_BYTES) {
    throw new UserError(
      `${path}: ${(bytes / 1e9).toFixed(1)} GB are too much for a .npz file; write .parquet`,
    );
  }
  await atomicWrite(path, npzBytes(Object.fromEntries(arrays)));
  return rows;
}

function arrayOf(path: string, name: string, type: string, column: Column): NumpyArray {
  if (column.kind === 'flat') {
    return { shape: [column.values.length], values: column.values, isBoolean: type === 'bool' };
  }
  if (column.kind === 'fixed') {
    return { shape: [column.values.length / column.width, column.width], values: column.values };
  }
  throw new UserError(`${path}: column ${name} of type ${type} cannot be in a .npz file; write .parquet`);
}
