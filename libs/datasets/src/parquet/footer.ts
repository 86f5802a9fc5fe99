/** What the end of a Parquet file says: schema, row groups and where their columns lie. */
import type { FileHandle } from 'node:fs/promises';
import { Damage } from '../damage.ts';
import type { Leaf } from './schema.ts';
import { schemaLeaves } from './schema.ts';
import type { ThriftStruct } from './thrift.ts';
import { countOf, numberOf, structOf, structsOf, ThriftReader } from './thrift.ts';

/** A column of a row group: its pages, one after the other. */
export interface ColumnChunk {
  /** Position of its first page in the file, and bytes of all pages. */
  readonly start: number;
  readonly bytes: number;
  readonly codec: number;
  /** Values with nulls; in a column without lists that is the number of rows. */
  readonly values: number;
}

/** Rows that are stored together. */
export interface RowGroup {
  readonly firstRow: number;
  readonly rows: number;
  /** In the order of the leaves. */
  readonly chunks: readonly ColumnChunk[];
}

/** Metadata of a file. */
export interface Footer {
  readonly rows: number;
  readonly leaves: readonly Leaf[];
  readonly groups: readonly RowGroup[];
}

const MAGIC = 'PAR1';
const TAIL_BYTES = 8;
const FOOTER_LIMIT_BYTES = 2 ** 28;
const MOST_ROWS = 2 ** 40;

/** @throws Damage when the file is cut off or its metadata contradict it */
export async function readFooter(handle: FileHandle, size: number): Promise<Footer> {
  const tail = await readAt(handle, Math.max(0, size - TAIL_BYTES), Math.min(size, TAIL_BYTES));
  if (tail.length < TAIL_BYTES || tail.toString('latin1', 4) !== MAGIC) {
    throw new Damage('does not end with PAR1: no Parquet file, or cut off; copy or write it anew');
  }
  const bytes = tail.readUInt32LE(0);
  const start = size - TAIL_BYTES - bytes;
  if (start < MAGIC.length || bytes > FOOTER_LIMIT_BYTES) throw new Damage(`metadata of ${bytes} bytes`);
  const metadata = new ThriftReader(await readAt(handle, start, bytes)).struct();
  const rows = countOf(metadata, 3, 'the number of rows');
  if (rows > MOST_ROWS) throw new Damage(`${rows} rows`);
  const leaves = schemaLeaves(structsOf(metadata, 2, 'the columns'));
  const groups: RowGroup[] = [];
  let firstRow = 0;
  for (const struct of structsOf(metadata, 4, 'the row groups')) {
    const group = rowGroup(struct, firstRow, leaves, start);
    groups.push(group);
    firstRow += group.rows;
  }
  if (firstRow !== rows) throw new Damage(`${firstRow} rows in row groups, ${rows} in all`);
  return { rows, leaves, groups };
}

function rowGroup(struct: ThriftStruct, firstRow: number, leaves: readonly Leaf[], end: number): RowGroup {
  const rows = countOf(struct, 3, 'the number of rows of a row group');
  const columns = structsOf(struct, 1, 'the columns of a row group');
  if (columns.length !== leaves.length) {
    throw new Damage(`${columns.length} columns in a row group, ${leaves.length} in the schema`);
  }
  const chunks = columns.map((column, index) => {
    const chunk = columnChunk(structOf(column.get(3)), end);
    if (!leaves[index].isNested && chunk.values !== rows) {
      throw new Damage(`column ${leaves[index].name}: ${chunk.values} values in a row group of ${rows} rows`);
    }
    return chunk;
  });
  return { firstRow, rows, chunks };
}

function columnChunk(metadata: ThriftStruct | undefined, end: number): ColumnChunk {
  const firstPage = countOf(metadata, 9, 'the position of a column');
  const dictionary = numberOf(metadata, 11);
  const start = dictionary !== undefined && dictionary > 0 ? Math.min(dictionary, firstPage) : firstPage;
  const bytes = countOf(metadata, 7, 'the size of a column');
  if (start + bytes > end) throw new Damage('a column lies beyond the end of the file');
  return {
    start,
    bytes,
    codec: countOf(metadata, 4, 'the compression of a column'),
    values: countOf(metadata, 5, 'the number of values of a column'),
  };
}

/** Bytes of a file; fewer at its end. */
export async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await handle.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) return buffer.subarray(0, done);
    done += bytesRead;
  }
  return buffer;
}
