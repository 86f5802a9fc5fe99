import { crc32 } from 'node:zlib';
import zstd from '@toondepauw/node-zstd';
import { atomicWrite } from '@hep/files';
import type { Column, ColumnTable } from '../columns/column.ts';
import type { TableStream } from '../columns/table-stream.ts';
import { largerTables } from '../columns/table-stream.ts';
import type { Written } from './thrift-write.ts';
import { i32, i64, list, struct, text, thriftBytes } from './thrift-write.ts';
import type { WrittenColumn } from './written-column.ts';
import { plainBytes, writtenColumn } from './written-column.ts';
import { levelsOf, valuesOf } from './written-lists.ts';

const MAGIC = Buffer.from('PAR1');
const ROW_GROUP_BYTES = 2 ** 26;
/** Of a page, about: readers decode all of one that they need a row of. */
const PAGE_VALUES = 2 ** 17;
const [DATA_PAGE, PLAIN, RLE, ZSTD] = [0, 0, 3, 6];
const LEVEL = 3;

/**
 * Writes a Parquet file (zstd, plain encoding, no nulls) that pandas, pyarrow and `openParquetFile` read. Row groups of
 * about 64 MiB are written as the tables come; a reader sees the whole file or none.
 * @returns the number of rows
 * @throws UserError when the place cannot be written, and what making the tables throws
 */
export async function writeParquet(path: string, stream: TableStream): Promise<number> {
  const columns = [...stream.types].map(([name, type]) => writtenColumn(name, type));
  const groups: Written[] = [];
  let rows = 0;
  async function* parts() {
    yield MAGIC;
    let position = MAGIC.length;
    for await (const table of largerTables(stream, ROW_GROUP_BYTES)) {
      const chunks: Written[] = [];
      let plain = 0;
      for (const column of columns) {
        const written = columnChunk(column, columnOf(table, column.name), table.rows, position);
        yield written.bytes;
        position += written.bytes.length;
        plain += written.plain;
        chunks.push(written.chunk);
      }
      groups.push(struct({ 1: list('struct', chunks), 2: i64(plain), 3: i64(table.rows) }));
      rows += table.rows;
    }
    yield footer(columns, groups, rows);
  }
  await atomicWrite(path, parts());
  return rows;
}

function columnOf({ columns }: ColumnTable, name: string): Column {
  const column = columns.get(name);
  if (column === undefined) throw new Error(`column ${name} is missing in a part of the table`);
  return column;
}

/** The pages of a column of a row group that begins at `position` of the file, and what the footer says of them. */
function columnChunk(written: WrittenColumn, column: Column, rows: number, position: number) {
  const encoder = new zstd.Encoder(LEVEL);
  const pages: Uint8Array[] = [];
  let [values, plain] = [0, 0];
  const pageRows = Math.max(1, Math.floor((PAGE_VALUES * rows) / Math.max(rows, valuesOf(column))));
  for (let first = 0; first < rows; first += pageRows) {
    const levels = levelsOf(column, first, Math.min(rows, first + pageRows));
    const content = plainBytes(written, levels.content, levels.first, levels.end);
    const page = levels.bytes.length === 0 ? asBuffer(content) : Buffer.concat([levels.bytes, content]);
    const stored = encoder.encodeSync(page);
    const header = pageHeader(levels.entries, page.length, stored);
    pages.push(header, stored);
    values += levels.entries;
    plain += header.length + page.length;
  }
  const bytes = Buffer.concat(pages);
  const metadata = struct({
    1: i32(written.physical),
    2: list('i32', [i32(PLAIN), i32(RLE)]),
    3: list('text', written.path.map(text)),
    4: i32(ZSTD),
    5: i64(values),
    6: i64(plain),
    7: i64(bytes.length),
    9: i64(position),
  });
  return { bytes, plain, chunk: struct({ 2: i64(0), 3: metadata }) };
}

function pageHeader(values: number, plain: number, stored: Uint8Array): Uint8Array {
  const details = struct({ 1: i32(values), 2: i32(PLAIN), 3: i32(RLE), 4: i32(RLE) });
  const checksum = i32(crc32(stored) | 0);
  return thriftBytes(
    struct({ 1: i32(DATA_PAGE), 2: i32(plain), 3: i32(stored.length), 4: checksum, 5: details }),
  );
}

function footer(columns: readonly WrittenColumn[], groups: readonly Written[], rows: number): Uint8Array {
  const root = struct({ 4: text('schema'), 5: i32(columns.length) });
  const metadata = thriftBytes(
    struct({
      1: i32(2),
      2: list('struct', [root, ...columns.flatMap(({ schema }) => schema)]),
      3: i64(rows),
      4: list('struct', groups),
      6: text('hep-trigger-networks'),
    }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(metadata.length);
  return Buffer.concat([metadata, length, MAGIC]);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
