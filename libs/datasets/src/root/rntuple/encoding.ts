/** How RNTuple stores the elements of a page. */
import { Damage } from '../../damage.ts';
import type { NumberType } from '../../columns/number-types.ts';
import { bytesOf } from '../../columns/number-types.ts';
import { expandHalves, unpackBits, unpackQuantised, unpackTruncated } from './packed-page.ts';

/** Encoding of a column: numbers in little-endian order, perhaps with their bytes in planes. */
export interface Encoding {
  /** Type in memory. */
  readonly number: NumberType;
  /** Numbers that are stored in another form. */
  readonly packing?: 'bits' | 'half' | 'truncated' | 'quantised' | 'switch';
  /** First bytes of all elements, then second bytes, ... */
  readonly isSplit: boolean;
  /** Signed integers as 0, -1, 1, -2, ... */
  readonly isZigzag: boolean;
  /** Ends of lists; stored as their lengths when split. */
  readonly isIndex: boolean;
}

/** A column that can be decoded. */
export interface EncodedColumn {
  readonly id: number;
  readonly bits: number;
  readonly encoding: Encoding;
  readonly isDeferred: boolean;
  readonly range: readonly [number, number] | undefined;
  /** The same column in other encodings, which some clusters have instead. */
  readonly others: readonly EncodedColumn[];
}

function encoding(number: NumberType, traits: Partial<Encoding> = {}): Encoding {
  return { number, isSplit: false, isZigzag: false, isIndex: false, ...traits };
}

/** By column type. */
export const encodings: ReadonlyMap<number, Encoding> = new Map([
  [0x00, encoding('bool', { packing: 'bits' })],
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
  [0x0b, encoding('float32', { packing: 'half' })],
  [0x0c, encoding('float32')],
  [0x0d, encoding('float64')],
  [0x0e, encoding('uint32', { isIndex: true })],
  [0x0f, encoding('uint64', { isIndex: true })],
  [0x10, encoding('uint64', { packing: 'switch' })],
  [0x11, encoding('int16', { isSplit: true, isZigzag: true })],
  [0x12, encoding('uint16', { isSplit: true })],
  [0x13, encoding('int32', { isSplit: true, isZigzag: true })],
  [0x14, encoding('uint32', { isSplit: true })],
  [0x15, encoding('int64', { isSplit: true, isZigzag: true })],
  [0x16, encoding('uint64', { isSplit: true })],
  [0x17, encoding('float32', { packing: 'half', isSplit: true })],
  [0x18, encoding('float32', { isSplit: true })],
  [0x19, encoding('float64', { isSplit: true })],
  [0x1a, encoding('uint32', { isSplit: true, isIndex: true })],
  [0x1b, encoding('uint64', { isSplit: true, isIndex: true })],
  [0x1c, encoding('float32', { packing: 'truncated' })],
  [0x1d, encoding('float32', { packing: 'quantised' })],
]);

const HALF_BYTES = 2;
/** Position in the alternative and the number of that. */
export const SWITCH_BYTES = 12;

/** Plain bytes of a page. */
export function pageBytes({ encoding: { number, packing }, bits }: EncodedColumn, elements: number): number {
  switch (packing) {
    case undefined:
      return elements * bytesOf(number);
    case 'half':
      return elements * HALF_BYTES;
    case 'switch':
      return elements * SWITCH_BYTES;
    case 'bits':
      return Math.ceil(elements / 8);
    default:
      return Math.ceil((elements * bits) / 8);
  }
}

/** Puts elements [first, end) of a page of `elements` into `target`, little-endian. */
export function decodePage(
  page: Uint8Array,
  { encoding: { number, packing, isSplit, isZigzag }, bits, range }: EncodedColumn,
  elements: number,
  first: number,
  end: number,
  target: Uint8Array<ArrayBuffer>,
): void {
  switch (packing) {
    case 'bits':
      return unpackBits(page, first, end, target);
    case 'half': {
      const halves = new Uint8Array((end - first) * HALF_BYTES);
      if (isSplit) joinPlanes(page, HALF_BYTES, elements, first, end, halves);
      else halves.set(page.subarray(first * HALF_BYTES, end * HALF_BYTES));
      return expandHalves(halves, target);
    }
    case 'truncated':
      return unpackTruncated(page, bits, first, end, target);
    case 'quantised':
      if (range === undefined) throw new Damage('a column of quantised numbers without a range');
      return unpackQuantised(page, bits, range, first, end, target);
    case 'switch':
      throw new Damage('a column of alternatives where numbers are expected');
  }
  const size = bytesOf(number);
  if (isSplit) joinPlanes(page, size, elements, first, end, target);
  else target.set(page.subarray(first * size, end * size));
  if (isZigzag) undoZigzag(target, size);
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
