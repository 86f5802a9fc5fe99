/** Lists of any depth from the levels of a column (Melnik et al., Dremel, 2010). */
import type { Column, RowRange } from '../columns/column.ts';
import { Damage } from '../damage.ts';
import { missingValue, noValue, numbersOfPhysical } from './physical-values.ts';
import type { Leaf } from './schema.ts';
import type { Stored } from './values.ts';
import { valueBytes } from './values.ts';

/** Collects the rows [first, end) of a column with lists; missing lists are empty ones. */
export class ListBuilder {
  /** Per depth, where each list begins: rows, lists of rows, ... */
  private readonly starts: number[][];
  /** Entries so far: rows, entries of the outermost lists, ..., values. */
  private readonly counts: number[];
  private readonly texts: string[] = [];
  private bytes = new Uint8Array(2 ** 12);
  private row = -1;

  constructor(
    private readonly leaf: Leaf,
    private readonly rows: RowRange,
  ) {
    this.starts = leaf.lists.map(() => []);
    this.counts = new Array<number>(leaf.lists.length + 1).fill(0);
  }

  /** Adds the values of a page. */
  add(stored: Stored, definitions: Uint32Array, repetitions: Uint32Array): void {
    const { lists, definition } = this.leaf;
    for (let i = 0, value = 0; i < repetitions.length; i++) {
      const depth = repetitions[i];
      if (depth > lists.length) throw new Damage(`repetition level ${depth}`);
      if (depth === 0) this.row++;
      const isPresent = definitions[i] === definition;
      const index = isPresent ? value++ : -1;
      if (this.row < this.rows.first) continue;
      if (this.row >= this.rows.end) return;
      if (this.enter(depth, definitions[i])) this.addValue(stored, index);
    }
  }

  isComplete(): boolean {
    return this.row >= this.rows.end;
  }

  column(): Column {
    if (this.counts[0] !== this.rows.end - this.rows.first)
      throw new Damage(`${this.counts[0]} rows of lists`);
    const values = this.counts[this.counts.length - 1];
    const content: Column =
      this.leaf.value === 'text'
        ? { kind: 'text', values: this.texts }
        : {
            kind: 'flat',
            values: numbersOfPhysical(this.leaf, this.bytes.slice(0, values * valueBytes(this.leaf))),
          };
    return this.starts.reduceRight<Column>(
      (inner, starts, depth) => ({
        kind: 'jagged',
        offsets: Uint32Array.from([...starts, this.counts[depth + 1]]),
        content: inner,
      }),
      content,
    );
  }

  /** Opens what begins at an entry that continues at `depth`; whether a value stands there, present or null. */
  private enter(depth: number, definition: number): boolean {
    const { lists } = this.leaf;
    for (let level = depth; level <= lists.length; level++) {
      if (level > 0 && definition < lists[level - 1]) return false;
      if (level < lists.length) this.starts[level].push(this.counts[level + 1]);
      this.counts[level]++;
    }
    return true;
  }

  private addValue(stored: Stored, index: number): void {
    const position = this.counts[this.counts.length - 1] - 1;
    const missing = index < 0 ? missingValue(this.leaf) : undefined;
    if (index < 0 && missing === undefined) {
      throw noValue(this.leaf, this.row);
    }
    if (stored.kind === 'texts') {
      this.texts.push(stored.texts[index]);
      return;
    }
    const width = valueBytes(this.leaf);
    if ((position + 1) * width > this.bytes.length) {
      const larger = new Uint8Array(2 * this.bytes.length);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    for (let b = 0; b < width; b++) {
      this.bytes[position * width + b] = missing === undefined ? stored.bytes[index * width + b] : missing[b];
    }
  }
}
