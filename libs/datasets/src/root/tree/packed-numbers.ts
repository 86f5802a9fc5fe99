import type { Numbers } from '../../columns/column.ts';
import { ByteCursor } from '../file/byte-cursor.ts';
import type { NumberType } from '../../columns/number-types.ts';
import type { Packing } from './packed-number.ts';
import { packedBytes, readPacked } from './packed-number.ts';

const GROWTH = 1.5;

/** Numbers whose count is not known beforehand, unpacked from Double32_t or Float16_t. */
export class PackedNumbers {
  private values: Float64Array | Float32Array;
  private filled = 0;

  constructor(
    number: NumberType,
    private readonly packing: Packing,
  ) {
    this.values = number === 'float64' ? new Float64Array(0) : new Float32Array(0);
  }

  /** Makes room for the numbers in `bytes` more. */
  reserve(bytes: number): void {
    const needed = this.filled + bytes / packedBytes(this.packing);
    if (needed > this.values.length) this.resize(Math.ceil(needed * GROWTH));
  }

  /** Appends the numbers in `length` bytes of `source`. Room must have been reserved. */
  append(source: DataView, start: number, length: number): void {
    const cursor = new ByteCursor(new Uint8Array(source.buffer, source.byteOffset + start, length));
    while (cursor.left > 0) this.values[this.filled++] = readPacked(cursor, this.packing);
  }

  /** All numbers. */
  finish(): Numbers {
    return this.values.slice(0, this.filled);
  }

  private resize(count: number): void {
    const larger = this.values instanceof Float64Array ? new Float64Array(count) : new Float32Array(count);
    larger.set(this.values.subarray(0, this.filled));
    this.values = larger;
  }
}
