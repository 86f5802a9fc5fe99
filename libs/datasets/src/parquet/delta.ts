/** DELTA_BINARY_PACKED: differences of neighbouring integers, less their smallest, in packed bits. */
import { Damage } from '../damage.ts';

const MOST_MINIBLOCKS = 2 ** 10;

/**
 * `count` integers of `width` bytes each, little-endian.
 * @throws Damage when the bytes end early or the blocks have no proper size
 */
export function deltaIntegers(data: Uint8Array, count: number, width: number): Uint8Array {
  const reader = new BitReader(data);
  const blockSize = Number(reader.varInt());
  const miniblocks = Number(reader.varInt());
  reader.varInt(); // number of values, which the page has said already
  const miniblockSize = blockSize / miniblocks;
  if (!(miniblocks > 0 && miniblocks <= MOST_MINIBLOCKS) || !(miniblockSize > 0) || miniblockSize % 8 !== 0) {
    throw new Damage(`integers in blocks of ${blockSize}, ${miniblocks} parts each`);
  }
  const values = new BigInt64Array(count);
  let value = reader.zigZag();
  if (count > 0) values[0] = value;
  for (let filled = 1; filled < count;) {
    const smallest = reader.zigZag();
    const widths = Array.from({ length: miniblocks }, () => reader.byte());
    for (const bits of widths) {
      if (filled >= count) break;
      const nextDelta = reader.packed(bits);
      for (let i = 0; i < miniblockSize && filled < count; i++) {
        value = BigInt.asIntN(8 * width, value + smallest + nextDelta());
        values[filled++] = value;
      }
    }
  }
  return new Uint8Array(width === 8 ? values.buffer : Int32Array.from(values, Number).buffer);
}

class BitReader {
  private position = 0;

  constructor(private readonly bytes: Uint8Array) {}

  byte(): number {
    const byte = this.bytes[this.position++];
    if (byte === undefined) throw new Damage('integers end early');
    return byte;
  }

  varInt(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw new Damage('an endless integer');
  }

  zigZag(): bigint {
    const value = this.varInt();
    return (value >> 1n) ^ -(value & 1n);
  }

  /** Gives the next number of `width` bits each time; eight of them, or a multiple, end with a byte. */
  packed(width: number): () => bigint {
    if (width > 64) throw new Damage(`integers of ${width} bits`);
    let buffer = 0n;
    let bits = 0;
    const mask = (1n << BigInt(width)) - 1n;
    return () => {
      for (; bits < width; bits += 8) buffer |= BigInt(this.byte()) << BigInt(bits);
      const value = buffer & mask;
      buffer >>= BigInt(width);
      bits -= width;
      return value;
    };
  }
}
