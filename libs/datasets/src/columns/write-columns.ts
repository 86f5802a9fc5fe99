import { extname } from 'node:path';
import { atomicWrite } from '@hep/files';
import { UserError } from '@hep/options/user-error';
import type { ColumnTable } from './column.ts';
import { csvText } from './csv-text.ts';
import type { TableStream } from './table-stream.ts';
import { tableStream } from './table-stream.ts';

/** Extensions of the formats that tables are written in, Parquet first. */
export const TABLE_FORMATS = ['parquet', 'csv', 'npz'] as const;

/** One of them. */
export type TableFormat = (typeof TABLE_FORMATS)[number];

const WRITERS: Readonly<Record<TableFormat, (path: string, stream: TableStream) => Promise<unknown>>> = {
  parquet: async (path, stream) => (await import('../parquet/write-parquet.ts')).writeParquet(path, stream),
  csv: (path, stream) => atomicWrite(path, csvText(stream)),
  npz: async (path, stream) => (await import('../npz/write-npz.ts')).writeNpz(path, stream),
};

/**
 * Format of a file that is to be written, by its extension.
 * @throws UserError for another extension
 */
export function tableFormat(path: string): TableFormat {
  const extension = extname(path).slice(1).toLowerCase();
  const format = TABLE_FORMATS.find((name) => name === extension);
  if (format !== undefined) return format;
  const expected = TABLE_FORMATS.map((name) => `.${name}`).join(', ');
  throw new UserError(`${path}: extension "${extension}", expected one of ${expected}`);
}

/**
 * Writes tables with the same columns, one after the other, in the format that the extension says; the file is whole or
 * absent. Parquet and csv are written as the tables come.
 * @param types of the columns as in `ColumnFile.types`; without them those of the first table, where booleans are `uint8`
 * @throws UserError for another extension, or when the format cannot hold a column or the place cannot be written
 */
export async function writeColumns(
  path: string,
  tables: AsyncIterable<ColumnTable> | Iterable<ColumnTable>,
  types?: ReadonlyMap<string, string>,
): Promise<void> {
  const format = tableFormat(path);
  await WRITERS[format](path, types === undefined ? await tableStream(tables) : { types, tables });
}
