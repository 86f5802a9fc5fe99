/** Columns of a fixed number of rows in one file: a small JSON header, then the numbers as they lie in memory. */
import { readFile, stat } from 'node:fs/promises';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { atomicWrite } from '@hep/files';
import { UserError } from '@hep/options';

/** Numbers of a column, [rows, width]. */
export interface ShardColumn {
  readonly width: number;
  readonly values: Float32Array | Uint8Array;
}

/** Columns by name. */
export interface ShardTable {
  readonly rows: number;
  readonly columns: Readonly<Record<string, ShardColumn>>;
}

/** What is known of a shard without opening it. */
export interface ShardRecord {
  /** Name within the folder of the shards. */
  readonly file: string;
  readonly rows: number;
  readonly bytes: number;
  /** CRC-32 of the whole file. */
  readonly checksum: number;
}

interface ColumnHeader {
  readonly name: string;
  readonly type: 'float32' | 'uint8';
  readonly width: number;
}

const MAGIC = 'HEPCOLS1';
const START = MAGIC.length + 4;
const ALIGNMENT = 8;

const padded = (bytes: number) => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/**
 * Writes a shard; it is whole or absent.
 * @throws UserError when it cannot be written
 */
export async function writeShard(folder: string, file: string, table: ShardTable): Promise<ShardRecord> {
  const bytes = shardBytes(table);
  await atomicWrite(join(folder, file), bytes);
  return { file, rows: table.rows, bytes: bytes.length, checksum: crc32(bytes) };
}

function shardBytes({ rows, columns }: ShardTable): Uint8Array {
  if (endianness() !== 'LE') throw new Error('shards are little-endian, this machine is not');
  const headers = Object.entries(columns).map(([name, { width, values }]): ColumnHeader => {
    if (values.length !== rows * width)
      throw new Error(`column ${name}: ${values.length} numbers in ${rows} rows`);
    return { name, type: values instanceof Float32Array ? 'float32' : 'uint8', width };
  });
  const text = JSON.stringify({ rows, columns: headers });
  const header = text.padEnd(padded(START + text.length) - START);
  const blocks = Object.values(columns).map(({ values }) => values);
  const size = blocks.reduce((sum, { byteLength }) => sum + padded(byteLength), START + header.length);
  const bytes = Buffer.alloc(size);
  bytes.write(MAGIC, 0, 'latin1');
  bytes.writeUInt32LE(header.length, MAGIC.length);
  bytes.write(header, START, 'latin1');
  let position = START + header.length;
  for (const { buffer, byteOffset, byteLength } of blocks) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), position);
    position += padded(byteLength);
  }
  return bytes;
}

/**
 * Reads a shard whose size and checksum are known.
 * @throws UserError when it is missing, cut or damaged
 */
export async function readShard(folder: string, record: ShardRecord): Promise<ShardTable> {
  const path = join(folder, record.file);
  const again = 'prepare it again';
  const size = await stat(path).then(
    (found) => found.size,
    (error: NodeJS.ErrnoException) => {
      throw new UserError(`${path}: shard cannot be read (${error.code}); ${again}`);
    },
  );
  if (size !== record.bytes) {
    throw new UserError(`${path}: shard has ${size} bytes, expected ${record.bytes}; ${again}`);
  }
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${path}: shard cannot be read (${error.code}); ${again}`);
  });
  if (bytes.length !== record.bytes || crc32(bytes) !== record.checksum) {
    throw new UserError(`${path}: shard is damaged, its checksum differs; ${again}`);
  }
  return decoded(bytes, path);
}

/** The columns view the bytes. */
function decoded(bytes: Buffer, path: string): ShardTable {
  const length = bytes.length < START ? -1 : bytes.readUInt32LE(MAGIC.length);
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC || length > bytes.length - START) {
    throw new UserError(`${path}: no shard of columns; prepare it again`);
  }
  const header = JSON.parse(bytes.toString('latin1', START, START + length)) as {
    readonly rows: number;
    readonly columns: readonly ColumnHeader[];
  };
  // Small files come from a pool, at any position of its memory.
  const own = bytes.byteOffset % ALIGNMENT === 0 ? bytes : Uint8Array.from(bytes);
  let position = START + length;
  const columns = header.columns.map(({ name, type, width }): [string, ShardColumn] => {
    const count = header.rows * width;
    const Numbers = type === 'float32' ? Float32Array : Uint8Array;
    const values = new Numbers(own.buffer as ArrayBuffer, own.byteOffset + position, count);
    position += padded(values.byteLength);
    return [name, { width, values }];
  });
  return { rows: header.rows, columns: Object.fromEntries(columns) };
}
