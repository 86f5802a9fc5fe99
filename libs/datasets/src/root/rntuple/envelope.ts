/** Envelopes of RNTuple: little-endian records with a type, a length and an XXH3, made of frames. */
import { ByteCursor } from '../file/byte-cursor.ts';
import { checkXxh3, XXH3_BYTES } from '../compression/checksums.ts';
import { decompress } from '../compression/decompress.ts';
import { Damage, Unsupported } from '../../damage.ts';
import type { RandomAccessFile } from '../file/random-access-file.ts';

/** Type of the envelope with name, fields and columns. */
export const HEADER = 1;
/** Type of the envelope with fields that came later, and with links to the page lists. */
export const FOOTER = 2;
/** Type of the envelope that tells where the pages of some clusters are. */
export const PAGE_LIST = 3;

/** Type and length. */
const PREAMBLE_BYTES = 8;
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
  if (plain.length < PREAMBLE_BYTES + XXH3_BYTES) throw new Damage('metadata are cut off');
  const content = plain.subarray(0, -XXH3_BYTES);
  await checkXxh3(content, plain.subarray(-XXH3_BYTES), 'metadata');
  const cursor = new ByteCursor(content, 0, true);
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

/** A count of bytes, then so many of UTF-8. */
export function readText(cursor: ByteCursor): string {
  return Buffer.from(cursor.slice(cursor.uint32())).toString('utf8');
}

/** The link to an envelope. */
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
