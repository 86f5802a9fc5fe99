/** Snappy's block format (google/snappy, format_description.txt), as Parquet pages have it. */
import { Damage } from '../damage.ts';

/**
 * The `bytes` bytes of a block.
 * @throws Damage when the block refers to bytes that it does not have, or gives another number of bytes
 */
export function snappyDecompress(input: Uint8Array, bytes: number): Uint8Array {
  const output = new Uint8Array(bytes);
  let from = 0;
  while (input[from] >= 128) from++; // the length of the output, which the page has said already
  from++;
  let to = 0;
  while (from < input.length) {
    const tag = input[from++];
    const kind = tag & 3;
    if (kind === 0) {
      const longer = Math.max(0, (tag >> 2) - 59);
      const length = (longer === 0 ? tag >> 2 : littleEndian(input, from, longer)) + 1;
      from += longer;
      if (length > input.length - from || length > bytes - to) throw new Damage('snappy literal too long');
      output.set(input.subarray(from, from + length), to);
      from += length;
      to += length;
    } else {
      const length = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
      const distance =
        kind === 1 ? ((tag >> 5) << 8) | input[from] : littleEndian(input, from, kind === 2 ? 2 : 4);
      from += kind === 3 ? 4 : kind;
      if (!(distance > 0 && distance <= to) || length > bytes - to)
        throw new Damage('snappy copy out of range');
      if (distance >= length) output.copyWithin(to, to - distance, to - distance + length);
      else for (let i = to; i < to + length; i++) output[i] = output[i - distance];
      to += length;
    }
  }
  if (to !== bytes) throw new Damage(`snappy data of ${to} bytes, expected ${bytes}`);
  return output;
}

function littleEndian(input: Uint8Array, position: number, count: number): number {
  let value = 0;
  for (let i = 0; i < count; i++) value += input[position + i] * 256 ** i;
  return value;
}
