/** Rows of a shard whose size and checksum are known; what is not asked for is not read. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { UserError } from '@hep/options/user-error';
import { HEAD_START, headLength, parseHead } from './shard-head.ts';
import type { ColumnPlace, ShardHead } from './shard-head.ts';
import type { GroupedTable, GroupRows, ShardColumn, ShardRecord } from './shard-table.ts';

/** What is read of a shard; default: everything. */
export interface WantedRows {
  /** Names of columns. */
  readonly columns?: readonly string[];
  /** Rows of groups, in rising order, none twice; they come one after the other. */
  readonly rows?: readonly GroupRows[];
}

/** Blocks of rows that lie together, and the rows of them that are wanted, [first, end) of the shard. */
interface Run {
  readonly firstBlock: number;
  endBlock: number;
  readonly wanted: { readonly first: number; readonly end: number }[];
}

/** @throws UserError when the shard is missing, cut or damaged where it is read */
export async function readShard(
  folder: string,
  record: ShardRecord,
  wanted: WantedRows = {},
): Promise<GroupedTable> {
  const path = join(folder, record.file);
  const handle = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${path}: shard cannot be read (${error.code}); prepare it again`);
  });
  try {
    const head = await readHead(handle, path, record);
    const parts = wanted.rows ?? head.groups.map((rows, group) => ({ group, first: 0, end: rows }));
    if (!parts.every(({ group, end }) => end <= (head.groups[group] ?? -1))) throw damaged(path);
    const runs = runsOf(head, parts);
    const rows = parts.reduce((sum, { first, end }) => sum + end - first, 0);
    const columns: [string, ShardColumn][] = [];
    for (const [index, place] of head.columns.entries()) {
      if (!(wanted.columns?.includes(place.name) ?? true)) continue;
      const checksums = head.checksums.subarray(index * (head.blocks.length - 1));
      columns.push([place.name, await readColumn(handle, path, { ...head, checksums }, place, runs, rows)]);
    }
    const groups = head.groups.map((_, group) =>
      parts.reduce((sum, part) => (part.group === group ? sum + part.end - part.first : sum), 0),
    );
    return { rows, groups, columns: Object.fromEntries(columns) };
  } finally {
    await handle.close();
  }
}

async function readHead(handle: FileHandle, path: string, record: ShardRecord): Promise<ShardHead> {
  const { size } = await handle.stat();
  if (size !== record.bytes) {
    throw new UserError(`${path}: shard has ${size} bytes, expected ${record.bytes}; prepare it again`);
  }
  const length = headLength(await bytesAt(handle, path, 0, Math.min(size, HEAD_START)));
  if (length === undefined || length > size || length < HEAD_START) throw damaged(path);
  const head = await bytesAt(handle, path, 0, length);
  const parsed = crc32(head) === record.checksum ? parseHead(head, size) : undefined;
  if (parsed?.rows !== record.rows) throw damaged(path);
  return parsed;
}

/** Neighbouring parts whose blocks touch are read at once. */
function runsOf({ groups, blocks }: ShardHead, parts: readonly GroupRows[]): Run[] {
  const starts = groups.map((_, group) => groups.slice(0, group).reduce((sum, rows) => sum + rows, 0));
  const runs: Run[] = [];
  for (const part of parts) {
    const [first, end] = [starts[part.group] + part.first, starts[part.group] + part.end];
    if (first === end) continue;
    const [firstBlock, endBlock] = [blockOf(blocks, first), blockOf(blocks, end - 1) + 1];
    const last = runs.at(-1);
    if (last !== undefined && firstBlock <= last.endBlock) {
      last.endBlock = endBlock;
      last.wanted.push({ first, end });
    } else runs.push({ firstBlock, endBlock, wanted: [{ first, end }] });
  }
  return runs;
}

/** The block with this row. */
function blockOf(blocks: Uint32Array, row: number): number {
  let [low, high] = [0, blocks.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (blocks[middle] <= row) low = middle;
    else high = middle;
  }
  return low;
}

async function readColumn(
  handle: FileHandle,
  path: string,
  { blocks, checksums }: ShardHead,
  { type, width, rowBytes, start }: ColumnPlace,
  runs: readonly Run[],
  rows: number,
): Promise<ShardColumn> {
  const target = new Uint8Array(rows * rowBytes);
  let filled = 0;
  for (const { firstBlock, endBlock, wanted } of runs) {
    const base = blocks[firstBlock];
    const bytes = await bytesAt(handle, path, start + base * rowBytes, (blocks[endBlock] - base) * rowBytes);
    for (let block = firstBlock; block < endBlock; block++) {
      const own = bytes.subarray((blocks[block] - base) * rowBytes, (blocks[block + 1] - base) * rowBytes);
      if (crc32(own) !== checksums[block]) throw damaged(path);
    }
    for (const { first, end } of wanted) {
      target.set(bytes.subarray((first - base) * rowBytes, (end - base) * rowBytes), filled);
      filled += (end - first) * rowBytes;
    }
  }
  return { width, values: type === 'float32' ? new Float32Array(target.buffer) : target };
}

async function bytesAt(handle: FileHandle, path: string, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  for (let filled = 0; filled < length;) {
    const { bytesRead } = await handle
      .read(bytes, filled, length - filled, position + filled)
      .catch((error: NodeJS.ErrnoException) => {
        throw new UserError(`${path}: shard cannot be read (${error.code}); prepare it again`);
      });
    if (bytesRead === 0) throw new UserError(`${path}: shard was cut while it was read; prepare it again`);
    filled += bytesRead;
  }
  return bytes;
}

const damaged = (path: string) =>
  new UserError(`${path}: shard is damaged, its checksum differs; remove it and prepare it again`);
