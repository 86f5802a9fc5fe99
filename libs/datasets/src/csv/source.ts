/** Bytes of text files as blocks of whole lines: plain or gzip, bounded memory. */
import type { FileHandle } from 'node:fs/promises';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { UserError } from '@hep/options/user-error';

/** Largest line that is read; one longer is taken as damage. */
const LONGEST_LINE_BYTES = 4 * 2 ** 20;
const BLOCK_BYTES = 2 ** 20;
/** The byte that ends a line. */
export const LINE_FEED = 10;
/** Bytes after the last line that exist but mean nothing, for reads of whole words. */
const SLACK_BYTES = 8;

/**
 * Whole lines: `bytes[start, end)` ends with a line feed, and SLACK_BYTES may be read behind it. Valid until the next
 * block is asked for.
 */
export interface LineBlock {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** A file to read with its size on disk in bytes. */
export interface DataFile {
  readonly path: string;
  readonly bytes: number;
}

/**
 * The `.csv` and `.csv.gz` files of folders in sorted order (sub-folders skipped), and named files as they are.
 * Throws UserError on a missing path and on a folder without such files.
 */
export async function listCsvFiles(inputs: readonly string[]): Promise<DataFile[]> {
  if (inputs.length === 0) throw new UserError('no input given, expected CSV files or folders');
  const files: DataFile[] = [];
  for (const path of inputs) {
    const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
      throw new UserError(
        error.code === 'ENOENT'
          ? `${path}: file not found, expected a CSV file or a folder of them`
          : `${path}: cannot be read (${error.code}), expected a CSV file or a folder of them`,
      );
    });
    if (found.isDirectory()) files.push(...(await listFolder(path)));
    else files.push({ path, bytes: found.size });
  }
  return files;
}

async function listFolder(folder: string): Promise<DataFile[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => !entry.isDirectory() && /\.csv(\.gz)?$/i.test(entry.name));
  if (names.length === 0) throw new UserError(`${folder}: no .csv or .csv.gz file in this folder`);
  const paths = names.map(({ name }) => join(folder, name)).sort();
  return Promise.all(paths.map(async (path) => ({ path, bytes: (await stat(path)).size })));
}

/** The bytes of a file in their order. */
interface ByteSource {
  /** Delivers at most `length` of the next bytes into `buffer` at `offset`; returns their number, 0 at the end. */
  readonly read: (buffer: Uint8Array, offset: number, length: number) => Promise<number>;
  /** Ends what reads ahead. */
  readonly stop: () => void;
}

/**
 * The file's lines in blocks; gzip is recognised by its first bytes, a byte order mark is skipped, and a missing last
 * line feed is added. Throws UserError on an unreadable file, damaged gzip data, NUL bytes and endless lines.
 */
export async function* lineBlocks(path: string): AsyncGenerator<LineBlock> {
  const handle = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${path}: cannot be read (${error.code})`);
  });
  try {
    const source = await byteSource(path, handle);
    try {
      yield* splitLines(path, source);
    } finally {
      source.stop();
    }
  } finally {
    await handle.close();
  }
}

async function byteSource(path: string, handle: FileHandle): Promise<ByteSource> {
  const magic = new Uint8Array(2);
  await handle.read(magic, 0, 2, 0);
  if (magic[0] === 0x1f && magic[1] === 0x8b) return gunzipSource(path, handle);
  let position = 0;
  return {
    read: async (buffer, offset, length) => {
      const { bytesRead } = await handle.read(buffer, offset, length, position);
      position += bytesRead;
      return bytesRead;
    },
    stop: () => undefined,
  };
}

function gunzipSource(path: string, handle: FileHandle): ByteSource {
  const stream = createGunzip({ chunkSize: BLOCK_BYTES });
  // What goes wrong with the file comes out of the stream, too.
  pipeline(handle.createReadStream({ start: 0, autoClose: false }), stream, () => undefined);
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
  let rest: Uint8Array = new Uint8Array(0);
  const read: ByteSource['read'] = async (buffer, offset, length) => {
    if (rest.length === 0) {
      const next = await chunks.next().catch((error: Error) => {
        throw new UserError(`${path}: damaged gzip data (${error.message})`);
      });
      if (next.value === undefined) return 0;
      rest = next.value;
    }
    const taken = rest.subarray(0, length);
    buffer.set(taken, offset);
    rest = rest.subarray(taken.length);
    return taken.length;
  };
  return { read, stop: () => void stream.destroy() };
}

async function* splitLines(path: string, { read }: ByteSource): AsyncGenerator<LineBlock> {
  let size = BLOCK_BYTES;
  let buffer = Buffer.allocUnsafeSlow(size + SLACK_BYTES);
  let filled = 0;
  let start = 0;
  for (let isFirst = true; ; isFirst = false) {
    const count = await read(buffer, filled, size - filled);
    if (buffer.subarray(filled, filled + count).includes(0)) {
      throw new UserError(`${path}: contains NUL bytes, expected a text file of comma-separated values`);
    }
    filled += count;
    if (isFirst && filled >= 3 && buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf) start = 3;
    const isEnd = count === 0;
    if (isEnd && filled === start) return;
    if (isEnd) buffer[filled++] = LINE_FEED;
    const end = buffer.lastIndexOf(LINE_FEED, filled - 1) + 1;
    if (end > start) {
      yield { bytes: buffer, start, end };
      if (isEnd) return;
      buffer.copyWithin(0, end, filled);
      filled -= end;
      start = 0;
    } else if (filled >= LONGEST_LINE_BYTES) {
      const limit = LONGEST_LINE_BYTES / 2 ** 20;
      throw new UserError(`${path}: a line is longer than ${limit} MiB, expected rows of numbers`);
    } else if (filled === size) {
      size *= 2;
      const larger = Buffer.allocUnsafeSlow(size + SLACK_BYTES);
      buffer.copy(larger);
      buffer = larger;
    }
  }
}
