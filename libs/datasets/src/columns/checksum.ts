import { crc32 } from 'node:zlib';
import type { Column } from './column.ts';

/**
 * How many numbers (or texts) a column has and a CRC-32 of them, to compare with other readers: numbers as little-endian
 * float64 (texts: UTF-8, a line feed behind each), then, from the outermost inwards, the lengths of the lists in the
 * same form. tools/golden/root_values.py forms the same one.
 */
export function columnChecksum(column: Column): [count: number, crc: number] {
  let lengths = Buffer.alloc(0);
  let inner = column;
  while (inner.kind === 'jagged') {
    const { offsets } = inner;
    lengths = Buffer.concat([
      lengths,
      float64(Float64Array.from(offsets.subarray(1), (end, i) => end - offsets[i])),
    ]);
    inner = inner.content;
  }
  const { values } = inner;
  const bytes =
    inner.kind === 'text'
      ? Buffer.from(inner.values.map((text) => `${text}\n`).join(''))
      : float64(Float64Array.from(values as ArrayLike<number | bigint>, Number));
  return [values.length, crc32(lengths, crc32(bytes))];
}

function float64(values: Float64Array): Buffer {
  return Buffer.from(values.buffer);
}
