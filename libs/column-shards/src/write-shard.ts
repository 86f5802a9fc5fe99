/** Columns of a fixed number of rows in one file: a head, then the numbers as they lie in memory. */
import { endianness } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { atomicWrite } from '@hep/files';
import { headBytes, padded } from './shard-head.ts';
import type { GroupedTable, ShardRecord, ShardTable } from './shard-table.ts';

/**
 * Writes a shard; it is whole or absent. Without groups all rows are one.
 * @throws UserError when it cannot be written
 */
export async function writeShard(
  folder: string,
  file: string,
  table: ShardTable & Partial<GroupedTable>,
): Promise<ShardRecord> {
  if (endianness() !== 'LE') throw new Error('shards are little-endian, this machine is not');
  const grouped = { ...table, groups: table.groups ?? [table.rows] };
  requireConsistent(grouped);
  const head = headBytes(grouped);
  const parts = Object.values(table.columns).flatMap(({ values }) => {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return [bytes, new Uint8Array(padded(bytes.length) - bytes.length)];
  });
  await atomicWrite(join(folder, file), inParts([head, ...parts]));
  const size = parts.reduce((sum, { length }) => sum + length, head.length);
  return { file, rows: table.rows, bytes: size, checksum: crc32(head) };
}

function requireConsistent({ rows, groups, columns }: GroupedTable): void {
  if (groups.reduce((sum, own) => sum + own, 0) !== rows) {
    throw new Error(`groups ${groups.join(', ')} of ${rows} rows`);
  }
  for (const [name, { width, values }] of Object.entries(columns)) {
    if (values.length !== rows * width)
      throw new Error(`column ${name}: ${values.length} numbers in ${rows} rows`);
  }
}

async function* inParts(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts.filter(({ length }) => length > 0);
}
