import { crc32, inflateRawSync } from 'node:zlib';
import { zlibReason } from './zlib-reason.ts';

/** Damage or an unsupported feature found while reading a ZIP archive; the caller adds the name of the file. */
export class ZipError extends Error {
  override readonly name = 'ZipError';
}

interface ZipEntry {
  readonly isDeflated: boolean;
  readonly checksum: number;
  /** First byte of the stored data, and how many there are. */
  readonly start: number;
  readonly stored: number;
  /** Bytes of the content. */
  readonly size: number;
}

const END_BYTES = 22;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const LONGEST_COMMENT = 0xffff;
const ZIP64 = 0xffffffff;
const MAX_ENTRIES = 10_000;
/** What an archive may unpack to whatever its size, and how many times its size beyond that. */
const MAX_UNPACKED = 2 ** 30;
const MAX_RATIO = 100;

/**
 * A ZIP archive in memory. Names are only keys, never paths. Nothing is unpacked before it is asked for, an entry gives
 * no more bytes than its directory says; entries that share bytes, and archives that unpack to more than 1 GiB and 100
 * times their size, are refused. Without ZIP64, encryption and methods other than stored and deflate.
 * @throws ZipError when it is not, or not a whole, archive
 */
export class ZipArchive {
  private readonly entries: ReadonlyMap<string, ZipEntry>;

  constructor(private readonly bytes: Buffer) {
    this.entries = readDirectory(bytes);
  }

  /** Whether these bytes begin as an archive does. */
  static isLikely(bytes: Uint8Array): boolean {
    return bytes.length >= 4 && bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
  }

  /** Names of the entries in the order of the directory. */
  get names(): string[] {
    return [...this.entries.keys()];
  }

  /**
   * Content of an entry; undefined when there is none of that name.
   * @throws ZipError when it is larger than `maxBytes` or damaged
   */
  content(name: string, maxBytes: number): Buffer | undefined {
    const entry = this.entries.get(name);
    if (entry === undefined) return undefined;
    if (entry.size > maxBytes) {
      throw new ZipError(`entry ${name} has ${entry.size} bytes, more than the ${maxBytes} allowed`);
    }
    const stored = this.bytes.subarray(entry.start, entry.start + entry.stored);
    const content = entry.isDeflated ? inflated(name, stored, entry.size) : stored;
    if (content.length !== entry.size || crc32(content) !== entry.checksum) {
      throw new ZipError(`entry ${name} is damaged: its checksum or its size differs`);
    }
    return content;
  }
}

function inflated(name: string, stored: Buffer, size: number): Buffer {
  try {
    return inflateRawSync(stored, { maxOutputLength: Math.max(size, 1) });
  } catch (error) {
    throw new ZipError(`entry ${name} is damaged: ${zlibReason(error, size)}`);
  }
}

function readDirectory(bytes: Buffer): Map<string, ZipEntry> {
  const end = findEnd(bytes);
  const count = bytes.readUInt16LE(end + 10);
  const start = bytes.readUInt32LE(end + 16);
  if (bytes.readUInt16LE(end + 4) !== 0 || start === ZIP64 || count > MAX_ENTRIES) {
    throw new ZipError(
      `an archive in several parts, of ZIP64 or of more than ${MAX_ENTRIES} entries is not supported`,
    );
  }
  const entries = new Map<string, ZipEntry>();
  const ranges: (readonly [number, number])[] = [];
  let offset = start;
  for (let i = 0; i < count; i++) {
    requireBytes(bytes, offset, CENTRAL_BYTES, end);
    if (bytes.readUInt32LE(offset) !== 0x02014b50) throw new ZipError('its directory is damaged');
    const lengths = [28, 30, 32].map((at) => bytes.readUInt16LE(offset + at));
    const nameAt = offset + CENTRAL_BYTES;
    requireBytes(bytes, nameAt, lengths[0] + lengths[1] + lengths[2], end);
    const name = bytes.toString('utf8', nameAt, nameAt + lengths[0]);
    if (entries.has(name)) throw new ZipError(`two entries are named ${JSON.stringify(name)}`);
    const local = bytes.readUInt32LE(offset + 42);
    const entry = readEntry(bytes, { name, central: offset, local, end: start });
    entries.set(name, entry);
    ranges.push([local, entry.start + entry.stored]);
    offset = nameAt + lengths[0] + lengths[1] + lengths[2];
  }
  requireApart(ranges);
  requireModerate([...entries.values()], bytes.length);
  return entries;
}

function readEntry(
  bytes: Buffer,
  { name, central, local, end }: { name: string; central: number; local: number; end: number },
): ZipEntry {
  const method = bytes.readUInt16LE(central + 10);
  const stored = bytes.readUInt32LE(central + 20);
  const size = bytes.readUInt32LE(central + 24);
  const isEncrypted = (bytes.readUInt16LE(central + 8) & 1) !== 0;
  const isSupported = !isEncrypted && (method === 0 || method === 8);
  if (!isSupported || [stored, size, local].includes(ZIP64)) {
    throw new ZipError(`entry ${name} is encrypted, of ZIP64 or packed by method ${method}; not supported`);
  }
  requireBytes(bytes, local, LOCAL_BYTES, end);
  if (bytes.readUInt32LE(local) !== 0x04034b50) throw new ZipError(`entry ${name} is not where it should be`);
  const start = local + LOCAL_BYTES + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  requireBytes(bytes, start, stored, end);
  return { isDeflated: method === 8, checksum: bytes.readUInt32LE(central + 16), start, stored, size };
}

/** The end record is found from the back, since a comment may follow it. */
function findEnd(bytes: Buffer): number {
  const first = Math.max(0, bytes.length - END_BYTES - LONGEST_COMMENT);
  for (let offset = bytes.length - END_BYTES; offset >= first; offset--) {
    if (bytes.readUInt32LE(offset) === 0x06054b50) return offset;
  }
  throw new ZipError('not a whole ZIP archive: it has no directory at its end');
}

function requireBytes(bytes: Buffer, offset: number, count: number, end: number): void {
  if (offset + count > end || end > bytes.length) {
    throw new ZipError(`damaged or truncated: ${count} bytes at offset ${offset} do not fit`);
  }
}

function requireApart(ranges: readonly (readonly [number, number])[]): void {
  const sorted = [...ranges].sort(([a], [b]) => a - b);
  for (let i = 1; i < sorted.length; i++) {
    if (sorted[i][0] < sorted[i - 1][1]) throw new ZipError('damaged: entries overlap');
  }
}

function requireModerate(entries: readonly ZipEntry[], archiveBytes: number): void {
  const unpacked = entries.reduce((sum, { size }) => sum + size, 0);
  if (unpacked <= Math.max(MAX_UNPACKED, MAX_RATIO * archiveBytes)) return;
  throw new ZipError(
    `unpacks to ${unpacked} bytes, more than ${MAX_RATIO} times its own ${archiveBytes}; store it without compression`,
  );
}
