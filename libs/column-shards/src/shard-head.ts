/** The head of a shard: which columns, which groups, and a checksum of every block of rows. */
import { crc32 } from 'node:zlib';
import { BLOCK_ROWS } from './shard-table.ts';
import type { GroupedTable, ShardColumn } from './shard-table.ts';

/** Where a column lies in the file. */
export interface ColumnPlace {
  readonly name: string;
  readonly type: 'float32' | 'uint8';
  readonly width: number;
  readonly rowBytes: number;
  /** First byte of the column in the file. */
  readonly start: number;
}

/** What a head says. */
export interface ShardHead {
  readonly rows: number;
  readonly groups: readonly number[];
  readonly columns: readonly ColumnPlace[];
  /** First row of each block, and the number of rows behind the last one. */
  readonly blocks: Uint32Array;
  /** CRC-32 of the blocks, [columns, blocks]. */
  readonly checksums: Uint32Array;
}

const MAGIC = 'HEPCOLS2';
/** Bytes before the JSON: magic, length of the JSON, length of the whole head. */
export const HEAD_START = MAGIC.length + 8;
const ALIGNMENT = 8;
const BYTES_OF = { float32: 4, uint8: 1 };

/** Bytes with those that fill up the last eight. */
export const padded = (bytes: number) => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/** Head of a table: magic, lengths, JSON, checksums. */
export function headBytes({ rows, groups, columns }: GroupedTable): Buffer {
  const listed = Object.entries(columns).map(([name, { width, values }]) => ({
    name,
    type: values instanceof Float32Array ? 'float32' : 'uint8',
    width,
  }));
  const text = JSON.stringify({ rows, groups, columns: listed });
  const json = text.padEnd(padded(HEAD_START + text.length) - HEAD_START);
  const blocks = blockStarts(groups);
  const checksums = Object.values(columns).flatMap((column) => checksumsOf(column, blocks));
  const bytes = Buffer.alloc(HEAD_START + json.length + padded(4 * checksums.length));
  bytes.write(MAGIC, 0, 'latin1');
  bytes.writeUInt32LE(json.length, MAGIC.length);
  bytes.writeUInt32LE(bytes.length, MAGIC.length + 4);
  bytes.write(json, HEAD_START, 'latin1');
  checksums.forEach((checksum, i) => bytes.writeUInt32LE(checksum, HEAD_START + json.length + 4 * i));
  return bytes;
}

function checksumsOf({ width, values }: ShardColumn, blocks: Uint32Array): number[] {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const rowBytes = width * values.BYTES_PER_ELEMENT;
  return Array.from({ length: blocks.length - 1 }, (_, i) =>
    crc32(bytes.subarray(blocks[i] * rowBytes, blocks[i + 1] * rowBytes)),
  );
}

/** Number of blocks of groups. */
const blocksOf = (groups: readonly number[]) =>
  groups.reduce((sum, rows) => sum + Math.ceil(rows / BLOCK_ROWS), 0);

/** First rows of the blocks of groups, and the number of all rows. */
function blockStarts(groups: readonly number[]): Uint32Array {
  const starts: number[] = [];
  let row = 0;
  for (const rows of groups) {
    for (let first = 0; first < rows; first += BLOCK_ROWS) starts.push(row + first);
    row += rows;
  }
  return Uint32Array.from([...starts, row]);
}

/** Length of the head as the first bytes of a file say it; undefined when they are no shard's. */
export function headLength(start: Buffer): number | undefined {
  const isShard = start.length === HEAD_START && start.toString('latin1', 0, MAGIC.length) === MAGIC;
  return isShard ? start.readUInt32LE(MAGIC.length + 4) : undefined;
}

interface WrittenHead {
  readonly rows: number;
  readonly groups: readonly number[];
  readonly columns: readonly Pick<ColumnPlace, 'name' | 'type' | 'width'>[];
}

/**
 * What a head says whose checksum was found right; undefined where that is no shard of so many bytes, whatever made the
 * checksum. Nothing is allocated that the bytes do not cover.
 */
export function parseHead(head: Buffer, fileBytes: number): ShardHead | undefined {
  const table = HEAD_START + head.readUInt32LE(MAGIC.length);
  const written = table <= head.length ? writtenHead(head.toString('latin1', HEAD_START, table)) : undefined;
  if (written === undefined) return undefined;
  const { rows, groups, columns } = written;
  let start = head.length;
  const places = columns.map((column): ColumnPlace => {
    const rowBytes = column.width * BYTES_OF[column.type];
    const place = { ...column, rowBytes, start };
    start += padded(rows * rowBytes);
    return place;
  });
  const count = columns.length * blocksOf(groups);
  if (start !== fileBytes || table + padded(4 * count) !== head.length) return undefined;
  const checksums = Uint32Array.from({ length: count }, (_, i) => head.readUInt32LE(table + 4 * i));
  return { rows, groups, columns: places, blocks: blockStarts(groups), checksums };
}

function writtenHead(text: string): WrittenHead | undefined {
  let head: Partial<WrittenHead> | null;
  try {
    head = JSON.parse(text) as Partial<WrittenHead> | null;
  } catch {
    return undefined;
  }
  const { rows, groups, columns } = head ?? {};
  if (!isCount(rows) || !Array.isArray(groups) || !groups.every(isCount)) return undefined;
  if (!Array.isArray(columns) || !columns.every(isColumn)) return undefined;
  return groups.reduce((sum, own) => sum + own, 0) === rows ? { rows, groups, columns } : undefined;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function isColumn(value: unknown): value is WrittenHead['columns'][number] {
  const { name, type, width } = (value ?? {}) as Partial<WrittenHead['columns'][number]>;
  return typeof name === 'string' && (type === 'float32' || type === 'uint8') && isCount(width) && width > 0;
}
