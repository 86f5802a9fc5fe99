import type { Numbers } from '../../columns/column.ts';
import { freeMemory } from '../../columns/free-memory.ts';
import type { NumberType } from '../../columns/number-types.ts';
import { bytesOf, numbersOver } from '../../columns/number-types.ts';
import { toMachineOrder } from '../../columns/byte-order.ts';

/** Pieces above this are copied as a block, then turned; below, number by number. */
const LONG_PIECE = 256;
const GROWTH = 1.5;
const SPARE = 1.05;
/** An expectation from numbers in a file is trusted up to here. */
const MOST_EXPECTED = 2 ** 28;
/** Unused memory that is not worth a copy. */
const LARGEST_WASTE = 1.2;

/** Numbers whose count is not known beforehand, taken from big-endian bytes. */
export class GrowingNumbers {
  private bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  private words = new Uint32Array(0);
  private filled = 0;

  constructor(private readonly type: NumberType) {}

  /** Makes room for `bytes` more, at the first call for `expected` bytes in all when that is a moderate number. */
  reserve(bytes: number, expected: number): void {
    const needed = this.filled + bytes;
    if (needed <= this.bytes.length) return;
    const wanted = this.filled === 0 ? Math.min(expected * SPARE, MOST_EXPECTED) : this.filled * GROWTH;
    this.resize(Math.max(needed, wanted));
  }

  /** Appends `length` bytes of `source`. Room must have been reserved. */
  append(source: DataView, start: number, length: number): void {
    const size = bytesOf(this.type);
    const to = this.filled;
    this.filled += length;
    if (length > LONG_PIECE || size < 4) {
      const target = this.bytes.subarray(to, to + length);
      target.set(new Uint8Array(source.buffer, source.byteOffset + start, length));
      toMachineOrder(this.type, target);
    } else if (size === 4) {
      for (let at = start, word = to >> 2; at < start + length; at += 4)
        this.words[word++] = source.getUint32(at);
    } else {
      for (let at = start, word = to >> 2; at < start + length; at += 8, word += 2) {
        this.words[word + 1] = source.getUint32(at);
        this.words[word] = source.getUint32(at + 4);
      }
    }
  }

  /** All numbers; nothing may be appended any more. */
  finish(): Numbers {
    if (this.bytes.length > this.filled * LARGEST_WASTE) this.resize(this.filled);
    return numbersOver(this.type, this.bytes.subarray(0, this.filled));
  }

  /** To a multiple of a word. */
  private resize(bytes: number): void {
    const larger = new Uint8Array(Math.ceil(bytes / 4) * 4);
    larger.set(this.bytes.subarray(0, this.filled));
    freeMemory(this.bytes);
    this.bytes = larger;
    this.words = new Uint32Array(larger.buffer);
  }
}
