/** Values of a column as they come, one behind the other. */
import type { FlatColumn, TextColumn } from '../columns/column.ts';
import { freeMemory } from '../columns/free-memory.ts';
import { missingValue, noValue, numbersOfPhysical } from './physical-values.ts';
import type { Leaf } from './schema.ts';
import type { Stored } from './values.ts';
import { valueBytes } from './values.ts';

const FEWEST_BYTES = 2 ** 12;
/** Shorter stretches are copied byte by byte, which is faster than a call. */
const SHORT_BYTES = 64;

/** Grows as values come. */
export class ValueSink {
  private readonly texts: string[] = [];
  private readonly width: number;
  private readonly missing: Uint8Array | undefined;
  private bytes: Uint8Array<ArrayBuffer>;
  private filled = 0;

  /** @param expected values, as far as that is known */
  constructor(
    private readonly leaf: Leaf,
    expected: number,
  ) {
    this.width = valueBytes(leaf);
    this.missing = missingValue(leaf);
    this.bytes = new Uint8Array(leaf.value === 'text' ? 0 : expected * this.width);
  }

  /** Takes the values [first, end) of a page. */
  add(stored: Stored, first: number, end: number): void {
    if (stored.kind === 'texts') {
      for (let i = first; i < end; i++) this.texts.push(stored.texts[i]);
      return;
    }
    this.addBytes(stored.bytes, first * this.width, end * this.width);
  }

  /**
   * Takes a gap.
   * @param row of the row group, for the error
   * @throws Damage where the type has no NaN
   */
  addMissing(row: number): void {
    if (this.missing === undefined) throw noValue(this.leaf, row);
    this.addBytes(this.missing, 0, this.width);
  }

  column(): FlatColumn | TextColumn {
    if (this.leaf.value === 'text') return { kind: 'text', values: this.texts };
    const { filled } = this;
    const isAlmostFull = filled > 0.8 * this.bytes.length;
    const bytes = isAlmostFull ? this.bytes.subarray(0, filled) : this.bytes.slice(0, filled);
    return { kind: 'flat', values: numbersOfPhysical(this.leaf, bytes) };
  }

  private addBytes(from: Uint8Array, first: number, end: number): void {
    const start = this.filled;
    this.filled += end - first;
    if (this.filled > this.bytes.length) this.grow();
    const { bytes } = this;
    if (end - first > SHORT_BYTES) bytes.set(from.subarray(first, end), start);
    else for (let i = first; i < end; i++) bytes[start + i - first] = from[i];
  }

  private grow(): void {
    const larger = new Uint8Array(Math.max(FEWEST_BYTES, this.filled, 2 * this.bytes.length));
    larger.set(this.bytes);
    freeMemory(this.bytes);
    this.bytes = larger;
  }
}
