/** Pages of RNTuple whose elements are no whole bytes or no numbers of the machine. */
import { numberOfHalf } from '../../columns/byte-order.ts';

/** Bits, the lowest of a byte first, to a byte each. */
export function unpackBits(page: Uint8Array, first: number, end: number, target: Uint8Array): void {
  for (let i = first; i < end; i++) target[i - first] = (page[i >> 3] >> (i & 7)) & 1;
}

/** Float16 numbers (IEEE 754), little-endian, to float32. */
export function expandHalves(halves: Uint8Array<ArrayBuffer>, target: Uint8Array<ArrayBuffer>): void {
  const source = new Uint16Array(halves.buffer, halves.byteOffset, halves.length / 2);
  const values = new Float32Array(target.buffer, target.byteOffset, source.length);
  for (let i = 0; i < source.length; i++) values[i] = numberOfHalf(source[i]);
}

/** The upper `bits` of float32 numbers. */
export function unpackTruncated(
  page: Uint8Array,
  bits: number,
  first: number,
  end: number,
  target: Uint8Array<ArrayBuffer>,
): void {
  const words = new Uint32Array(target.buffer, target.byteOffset, end - first);
  for (let i = first; i < end; i++) words[i - first] = bitsAt(page, i * bits, bits) * 2 ** (32 - bits);
}

/** Integers of so many bits, from 0 at the lowest to the largest at the highest value. */
export function unpackQuantised(
  page: Uint8Array,
  bits: number,
  [low, high]: readonly [number, number],
  first: number,
  end: number,
  target: Uint8Array<ArrayBuffer>,
): void {
  const values = new Float32Array(target.buffer, target.byteOffset, end - first);
  const step = (high - low) / (2 ** bits - 1);
  for (let i = first; i < end; i++) values[i - first] = low + bitsAt(page, i * bits, bits) * step;
}

/** `bits` bits from a position on, the lowest of a byte first. */
function bitsAt(page: Uint8Array, position: number, bits: number): number {
  let value = 0;
  for (let taken = 0; taken < bits;) {
    const at = position + taken;
    const free = Math.min(8 - (at % 8), bits - taken);
    value += ((page[Math.floor(at / 8)] >> (at % 8)) & (2 ** free - 1)) * 2 ** taken;
    taken += free;
  }
  return value;
}
