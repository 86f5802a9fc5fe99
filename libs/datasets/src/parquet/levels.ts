/** Parquet's hybrid of run lengths and packed bits, in which levels, dictionary indices and booleans are written. */
import { Damage } from '../damage.ts';

const WIDEST = 24;

/** Bits of numbers up to `largest`. */
export function bitsOf(largest: number): number {
  return 32 - Math.clz32(largest);
}

/**
 * The `count` numbers of `width` bits each from `bytes`.
 * @throws Damage when the bytes end early
 */
export function readHybrid(bytes: Uint8Array, width: number, count: number): Uint32Array<ArrayBuffer> {
  return readInto(new Uint32Array(count), bytes, width);
}

/** As {@link readHybrid}, for numbers below 256. */
export function readLevels(bytes: Uint8Array, width: number, count: number): Uint8Array<ArrayBuffer> {
  return readInto(new Uint8Array(count), bytes, width);
}

function readInto<Values extends Uint8Array | Uint32Array>(
  values: Values,
  bytes: Uint8Array,
  width: number,
): Values {
  const count = values.length;
  if (width > WIDEST) throw new Damage(`numbers of ${width} bits, at most ${WIDEST} are read`);
  if (width === 0) return values;
  let position = 0;
  let filled = 0;
  while (filled < count) {
    let header = 0;
    let shift = 0;
    for (let more = true; more; shift += 7) {
      const byte = bytes[position++];
      if (byte === undefined || shift > 28) throw new Damage('levels or indices end early');
      header |= (byte & 127) << shift;
      more = byte >= 128;
    }
    header >>>= 0;
    if ((header & 1) === 0) {
      const length = Math.min(header >>> 1, count - filled);
      const valueBytes = (width + 7) >> 3;
      if (position + valueBytes > bytes.length) throw new Damage('levels or indices end early');
      let value = 0;
      for (let i = 0; i < valueBytes; i++) value |= bytes[position++] << (8 * i);
      values.fill(value, filled, filled + length);
      if (length === 0) throw new Damage('an empty run of levels or indices');
      filled += length;
    } else {
      const length = Math.min((header >>> 1) * 8, count - filled);
      if (length === 0 || position + Math.ceil((length * width) / 8) > bytes.length) {
        throw new Damage('levels or indices end early');
      }
      unpackBits(bytes, position, width, values, filled, length);
      filled += length;
      position += (header >>> 1) * width;
    }
  }
  return values;
}

/** Whether one run says that all of the `count` numbers are `value`; false where it takes reading to find out. */
export function isUniform(bytes: Uint8Array, width: number, count: number, value: number): boolean {
  let header = 0;
  let position = 0;
  for (let shift = 0; shift <= 21; shift += 7) {
    const byte = bytes[position++];
    header |= (byte & 127) << shift;
    if (byte < 128)
      return (header & 1) === 0 && header >> 1 >= count && width <= 8 && bytes[position] === value;
  }
  return false;
}

function unpackBits(
  bytes: Uint8Array,
  position: number,
  width: number,
  values: Uint8Array | Uint32Array,
  first: number,
  count: number,
): void {
  if (width === 1) {
    for (let i = 0; i < count; i++) values[first + i] = (bytes[position + (i >> 3)] >> (i & 7)) & 1;
    return;
  }
  const mask = 2 ** width - 1;
  let buffer = 0;
  let bits = 0;
  for (let i = first; i < first + count; i++) {
    while (bits < width) {
      buffer |= bytes[position++] << bits;
      bits += 8;
    }
    values[i] = buffer & mask;
    buffer >>>= width;
    bits -= width;
  }
}
