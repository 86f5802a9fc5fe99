/**
 * Files of compressed jets. All numbers are little-endian:
 *
 *     "HEPJETS\0"  u32 version (1)  u32 length  JSON header  u32 CRC-32 of the header
 *     blocks: u32 rows (> 0)  latent vectors  u32 CRC-32 of rows and vectors
 *     end:    u32 0  u64 rows in all  u32 CRC-32 of both
 */
import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { UserError } from '@hep/options';
import { packedBytes, packLatent, parseLatentFormat, unpackLatent } from './latent-format.ts';
import type { LatentFormat } from './latent-format.ts';

const MAGIC = Buffer.from('HEPJETS\0', 'latin1');
const VERSION = 1;
const MOST_HEADER_BYTES = 2 ** 20;
/** Rows that a block may have, so that a damaged file cannot ask for much memory. */
const MOST_BLOCK_ROWS = 2 ** 20;

/** What a file says about itself. */
export interface JetFileHeader {
  /** Name of the network. */
  readonly network: string;
  /** Of the network that decodes the file; see `fingerprint`. */
  readonly fingerprint: string;
  readonly variables: readonly string[];
  /** Numbers of a latent vector. */
  readonly latent: number;
  readonly format: LatentFormat;
}

/** The bytes of a file; `blocks` are latent vectors [rows, latent] of at most `MOST_BLOCK_ROWS` rows. */
export async function* jetFileBytes(
  header: JetFileHeader,
  blocks: AsyncIterable<Float32Array>,
): AsyncGenerator<Uint8Array> {
  const text = Buffer.from(JSON.stringify(header));
  yield Buffer.concat([MAGIC, u32(VERSION), u32(text.length), text, u32(crc32(text))]);
  let total = 0;
  for await (const block of blocks) {
    const rows = block.length / header.latent;
    if (rows === 0) continue;
    if (!Number.isInteger(rows) || rows > MOST_BLOCK_ROWS) throw new Error(`a block of ${rows} rows`);
    const packed = packLatent(header.format, block);
    yield Buffer.concat([u32(rows), packed, u32(crc32(packed, crc32(u32(rows))))]);
    total += rows;
  }
  const count = Buffer.alloc(12);
  count.writeBigUInt64LE(BigInt(total), 4);
  yield Buffer.concat([count, u32(crc32(count))]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** An open file of compressed jets. */
export interface JetFile {
  readonly path: string;
  readonly header: JetFileHeader;
  readonly bytes: number;
  /** Latent vectors [rows, latent], block by block. Throws UserError where the file is damaged or cut off. */
  blocks(): AsyncGenerator<Float32Array>;
  close(): Promise<void>;
}

/** Opens a file of compressed jets. @throws UserError when it is none, of another version, or damaged */
export async function openJetFile(path: string): Promise<JetFile> {
  const handle = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      `${path}: ${error.code === 'ENOENT' ? 'no such file' : `cannot be opened (${error.code})`}`,
    );
  });
  try {
    const { size } = await handle.stat();
    const reader = new Reader(path, size, (bytes, at) => handle.read(bytes, 0, bytes.length, at));
    const header = await readHeader(reader);
    return {
      path,
      header,
      bytes: size,
      blocks: () => readBlocks(reader, header),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

class Reader {
  position = 0;

  constructor(
    readonly path: string,
    private readonly size: number,
    private readonly readAt: (bytes: Buffer, position: number) => Promise<{ bytesRead: number }>,
  ) {}

  async take(count: number, what: string): Promise<Buffer> {
    if (count > this.size - this.position) this.fail(`ends within ${what}`);
    const bytes = Buffer.alloc(count);
    let filled = 0;
    while (filled < count) {
      const { bytesRead } = await this.readAt(bytes.subarray(filled), this.position + filled);
      if (bytesRead === 0) this.fail(`ends within ${what}`);
      filled += bytesRead;
    }
    this.position += count;
    return bytes;
  }

  get rest(): number {
    return this.size - this.position;
  }

  fail(what: string): never {
    throw new UserError(
      `${this.path}: ${what} (byte ${this.position}); the file is damaged, compress the jets anew`,
    );
  }
}

async function readHeader(reader: Reader): Promise<JetFileHeader> {
  const start = await reader.take(MAGIC.length, 'the first bytes').catch(() => Buffer.alloc(0));
  if (!start.equals(MAGIC)) {
    throw new UserError(`${reader.path}: is no file of compressed jets; give one that encode wrote`);
  }
  const sizes = await reader.take(8, 'the header');
  const version = sizes.readUInt32LE(0);
  if (version !== VERSION) {
    throw new UserError(
      `${reader.path}: version ${version}, this program reads version ${VERSION}; use a newer one`,
    );
  }
  const length = sizes.readUInt32LE(4);
  if (length > MOST_HEADER_BYTES) reader.fail(`a header of ${length} bytes`);
  const text = await reader.take(length, 'the header');
  const sum = await reader.take(4, 'the header');
  if (sum.readUInt32LE(0) !== crc32(text)) reader.fail('the checksum of the header is wrong');
  return parseHeader(reader, text);
}

function parseHeader(reader: Reader, text: Buffer): JetFileHeader {
  let content: Partial<JetFileHeader> | null = null;
  try {
    content = JSON.parse(text.toString('utf8')) as Partial<JetFileHeader> | null;
  } catch {
    reader.fail('the header is not JSON');
  }
  const { network, fingerprint, variables, latent } = content ?? {};
  const areTexts = typeof network === 'string' && typeof fingerprint === 'string';
  const areNames = Array.isArray(variables) && variables.every((name) => typeof name === 'string');
  if (!areTexts || !areNames || !Number.isInteger(latent) || latent! < 1 || latent! > 2 ** 16) {
    reader.fail('the header lacks network, fingerprint, variables or latent');
  }
  const format = parseLatentFormat(content!.format, latent!, reader.path);
  return { network: network!, fingerprint: fingerprint!, variables: variables!, latent: latent!, format };
}

async function* readBlocks(reader: Reader, { format, latent }: JetFileHeader): AsyncGenerator<Float32Array> {
  let total = 0;
  for (;;) {
    const count = await reader.take(4, 'the number of rows of a block');
    const rows = count.readUInt32LE(0);
    if (rows === 0) return readEnd(reader, count, total);
    if (rows > MOST_BLOCK_ROWS) reader.fail(`a block of ${rows} rows`);
    const packed = await reader.take(packedBytes(format, rows * latent), `a block of ${rows} rows`);
    const sum = await reader.take(4, `a block of ${rows} rows`);
    if (sum.readUInt32LE(0) !== crc32(packed, crc32(count))) reader.fail('the checksum of a block is wrong');
    total += rows;
    yield unpackLatent(format, packed, rows * latent);
  }
}

async function readEnd(reader: Reader, zero: Buffer, total: number): Promise<void> {
  const rest = await reader.take(12, 'the count of rows');
  const count = Buffer.concat([zero, rest.subarray(0, 8)]);
  if (rest.readUInt32LE(8) !== crc32(count)) reader.fail('the checksum of the count of rows is wrong');
  const announced = rest.readBigUInt64LE(0);
  if (announced !== BigInt(total)) reader.fail(`${total} rows of ${announced}`);
  if (reader.rest > 0) reader.fail(`${reader.rest} bytes after the end`);
}
