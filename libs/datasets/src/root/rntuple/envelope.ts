/** Envelopes of RNTuple: little-endian records with a type, a length and an XXH3, made of frames. */
import { ByteCursor } from '../file/byte-cursor.ts';
import { loadXxh3 } from '../compression/checksums.ts';
import { decompress } from '../compression/decompress.ts';
import { Damage, Unsupported } from '../../damage.ts';
import type { RandomAccessFile } from '../file/random-access-file.ts';

/** Types of envelopes. */
export const HEADER = 1;
export const FOOTER = 2;
export const PAGE_LIST = 3;

const CHECKSUM_BYTES = 8;
/** Largest envelope that is read: page lists of files of terabytes stay far below. */
const LARGEST_ENVELOPE = 2 ** 30;
const LARGE_LOCATOR = 1;

/** A range of the file, and how long it is when plain. */
export interface EnvelopeLink {
  readonly plainBytes: number;
  readonly locator: Locator;
}

/** A range of the file. */
export interface Locator {
  readonly position: number;
  readonly bytes: number;
}

/** Contents of an envelope behind its preamble; the checksum was verified. */
export async function readEnvelope(
  file: RandomAccessFile,
  { plainBytes, locator }: EnvelopeLink,
  type: number,
): Promise<ByteCursor> {
  if (plainBytes > LARGEST_ENVELOPE) throw new Damage(`metadata of ${plainBytes} bytes`);
  const stored = await file.read(locator.position, locator.bytes);
  const plain = await decompress(stored, plainBytes);
  if (plain.length < 2 * CHECKSUM_BYTES) throw new Damage('metadata are cut off');
  const xxh3 = await loadXxh3();
  const end = plain.length - CHECKSUM_BYTES;
  if (Buffer.compare(xxh3(plain.subarray(0, end)), plain.slice(end).reverse()) !== 0) {
    throw new Damage('the checksum of metadata is wrong');
  }
  const cursor = new ByteCursor(plain.subarray(0, end), 0, true);
  const found = cursor.uint16();
  cursor.take(6); // length
  if (found !== type) throw new Damage(`metadata of type ${found}, expected ${type}`);
  return cursor;
}

/** Bit fields of features that a reader must know; none is known. */
export function readFeatures(cursor: ByteCursor): void {
  if (cursor.uint64() !== 0) throw new Unsupported('the file uses features of RNTuple that are not known');
}

/** A record frame: what `read` makes of it; fields that newer versions append are passed over. */
export function readRecordFrame<T>(cursor: ByteCursor, read: (cursor: ByteCursor) => T): T {
  const start = cursor.position;
  const end = start + cursor.int64();
  if (!(end >= start + 8 && end <= cursor.bytes.length))
    throw new Damage('a frame is longer than its envelope');
  const value = read(cursor);
  if (cursor.position > end) throw new Damage('a frame is longer than it says');
  cursor.seek(end);
  return value;
}

/** A list frame: its items, then what `readRest` reads behind them. */
export function readListFrame<T>(
  cursor: ByteCursor,
  read: (cursor: ByteCursor) => T,
  readRest: (cursor: ByteCursor) => void = () => undefined,
): T[] {
  const start = cursor.position;
  const end = start - cursor.int64();
  if (!(end >= start + 12 && end <= cursor.bytes.length))
    throw new Damage('a list is longer than its envelope');
  const count = cursor.uint32();
  if (count > end - cursor.position) throw new Damage(`a list of ${count} items in ${end - start} bytes`);
  const items: T[] = [];
  for (let i = 0; i < count; i++) items.push(read(cursor));
  readRest(cursor);
  if (cursor.position > end) throw new Damage('a list is longer than it says');
  cursor.seek(end);
  return items;
}

export function readText(cursor: ByteCursor): string {
  return Buffer.from(cursor.slice(cursor.uint32())).toString('utf8');
}

export function readLink(cursor: ByteCursor): EnvelopeLink {
  return { plainBytes: cursor.uint64(), locator: readLocator(cursor) };
}

/** The two kinds of locators that point into the same file. */
export function readLocator(cursor: ByteCursor): Locator {
  const size = cursor.int32();
  if (size >= 0) return { bytes: size, position: cursor.uint64() };
  if (-size >> 24 !== LARGE_LOCATOR) throw new Unsupported('values are in another storage than this file');
  return { bytes: cursor.uint64(), position: cursor.uint64() };
}
