/** How RNTuple stores the elements of a page. */
import { Damage } from '../../damage.ts';
import type { NumberType } from '../number-type.ts';
import { bytesOf } from '../number-type.ts';

/** Encoding of a column: numbers in little-endian order, perhaps with their bytes in planes. */
export interface Encoding {
  readonly number: NumberType;
  /** First bytes of all elements, then second bytes, ... */
  readonly isSplit: boolean;
  /** Signed integers as 0, -1, 1, -2, ... */
  readonly isZigzag: boolean;
  /** Ends of lists; stored as their lengths when split. */
  readonly isIndex: boolean;
}

const BIT = 0;

function encoding(number: NumberType, traits: Partial<Encoding> = {}): Encoding {
  return { number, isSplit: false, isZigzag: false, isIndex: false, ...traits };
}

/** By column type. Missing are Real16, Switch and the truncated and quantised Real32. */
export const encodings: ReadonlyMap<number, Encoding> = new Map([
  [BIT, encoding('bool')],
  [0x01, encoding('uint8')],
  [0x02, encoding('int8')],
  [0x03, encoding('int8')],
  [0x04, encoding('uint8')],
  [0x05, encoding('int16')],
  [0x06, encoding('uint16')],
  [0x07, encoding('int32')],
  [0x08, encoding('uint32')],
  [0x09, encoding('int64')],
  [0x0a, encoding('uint64')],
  [0x0c, encoding('float32')],
  [0x0d, encoding('float64')],
  [0x0e, encoding('uint32', { isIndex: true })],
  [0x0f, encoding('uint64', { isIndex: true })],
  [0x11, encoding('int16', { isSplit: true, isZigzag: true })],
  [0x12, encoding('uint16', { isSplit: true })],
  [0x13, encoding('int32', { isSplit: true, isZigzag: true })],
  [0x14, encoding('uint32', { isSplit: true })],
  [0x15, encoding('int64', { isSplit: true, isZigzag: true })],
  [0x16, encoding('uint64', { isSplit: true })],
  [0x18, encoding('float32', { isSplit: true })],
  [0x19, encoding('float64', { isSplit: true })],
  [0x1a, encoding('uint32', { isSplit: true, isIndex: true })],
  [0x1b, encoding('uint64', { isSplit: true, isIndex: true })],
]);

/** Plain bytes of a page. */
export function pageBytes({ number }: Encoding, elements: number, bits: number): number {
  return number === 'bool' && bits === 1 ? Math.ceil(elements / 8) : elements * bytesOf(number);
}

/** Puts elements [first, end) of a page of `elements` into `target`, little-endian. */
export function decodePage(
  page: Uint8Array,
  { number, isSplit, isZigzag }: Encoding,
  elements: number,
  first: number,
  end: number,
  target: Uint8Array,
): void {
  const size = bytesOf(number);
  if (number === 'bool') unpackBits(page, first, end, target);
  else if (isSplit) joinPlanes(page, size, elements, first, end, target);
  else target.set(page.subarray(first * size, end * size));
  if (isZigzag) undoZigzag(target, size);
}

function unpackBits(page: Uint8Array, first: number, end: number, target: Uint8Array): void {
  for (let i = first; i < end; i++) target[i - first] = (page[i >> 3] >> (i & 7)) & 1;
}

function joinPlanes(
  page: Uint8Array,
  size: number,
  elements: number,
  first: number,
  end: number,
  target: Uint8Array,
): void {
  for (let plane = 0; plane < size; plane++) {
    const from = plane * elements;
    for (let i = first, to = plane; i < end; i++, to += size) target[to] = page[from + i];
  }
}

function undoZigzag(bytes: Uint8Array, size: number): void {
  const { buffer, byteOffset, length } = bytes;
  if (size === 2) {
    const values = new Uint16Array(buffer, byteOffset, length / 2);
    for (let i = 0; i < values.length; i++) values[i] = (values[i] >>> 1) ^ -(values[i] & 1);
    return;
  }
  const words = new Uint32Array(buffer, byteOffset, length / 4);
  if (size === 4) {
    for (let i = 0; i < words.length; i++) words[i] = (words[i] >>> 1) ^ -(words[i] & 1);
    return;
  }
  for (let i = 0; i < words.length; i += 2) {
    const sign = -(words[i] & 1);
    words[i] = ((words[i] >>> 1) | (words[i + 1] << 31)) ^ sign;
    words[i + 1] = (words[i + 1] >>> 1) ^ sign;
  }
}

/** Ends of lists as numbers, from little-endian bytes; lengths are summed up when the page stores those. */
export function readIndex(bytes: Uint8Array, { number, isSplit }: Encoding): Float64Array {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const isLong = number === 'uint64';
  const ends = new Float64Array(isLong ? words.length / 2 : words.length);
  let sum = 0;
  for (let i = 0; i < ends.length; i++) {
    const value = isLong ? words[2 * i] + words[2 * i + 1] * 2 ** 32 : words[i];
    sum = isSplit ? sum + value : value;
    if (i > 0 && sum < ends[i - 1]) throw new Damage('a list ends before it begins');
    ends[i] = sum;
  }
  return ends;
}
