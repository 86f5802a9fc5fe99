/** Lists of any depth from the levels of a column (Melnik et al., Dremel, 2010). */
import type { Column, RowRange } from '../columns/column.ts';
import { Damage } from '../damage.ts';
import type { DecodedPage } from './column-pages.ts';
import { startIn } from './column-pages.ts';
import type { Leaf } from './schema.ts';
import { ValueSink } from './value-sink.ts';

/** Collects the rows [first, end) of a column with lists; missing lists are empty ones. */
export class ListBuilder {
  /** Per depth, where each list begins: rows, lists of rows, ... */
  private readonly starts: number[][];
  /** Entries so far: rows, entries of the outermost lists, ..., values. */
  private readonly counts: number[];
  private readonly values: ValueSink;
  /** Whether what follows belongs to later rows. */
  isComplete = false;

  /** @param expected values, about */
  constructor(
    private readonly leaf: Leaf,
    private readonly rows: RowRange,
    expected: number,
  ) {
    this.starts = leaf.lists.map(() => []);
    this.counts = new Array<number>(leaf.lists.length + 1).fill(0);
    this.values = new ValueSink(leaf, expected);
  }

  /** Adds what a page has of the rows. */
  add(page: DecodedPage): void {
    const { stored, count } = page;
    const definitions = page.definitions!;
    const repetitions = page.repetitions!;
    const { definition, lists } = this.leaf;
    const { first, end } = this.rows;
    let { row, index, value } = startIn(page, first);
    for (; index < count && row - (repetitions[index] === 0 ? 0 : 1) < first; index++) {
      if (repetitions[index] === 0) row++;
      if (definitions[index] === definition) value++;
    }
    let taken = value;
    while (index < count) {
      const depth = repetitions[index];
      if (depth > lists.length) throw new Damage(`repetition level ${depth}`);
      if (depth === 0 && row === end) break;
      if (depth === 0) row++;
      const isPresent = definitions[index] === definition;
      if (this.enter(depth, definitions[index]) && !isPresent) {
        this.values.add(stored, taken, value);
        this.values.addMissing(row - 1);
        taken = value;
      }
      index++;
      if (!isPresent) continue;
      const more = restOfList(repetitions, definitions, index, this.leaf);
      this.counts[lists.length] += more;
      index += more;
      value += more + 1;
    }
    this.values.add(stored, taken, value);
    this.isComplete = index < count;
    page.end = { row, index, value };
  }

  /** @throws Damage when there are not as many rows */
  column(): Column {
    if (this.counts[0] !== this.rows.end - this.rows.first)
      throw new Damage(`${this.counts[0]} rows of lists`);
    return this.starts.reduceRight<Column>(
      (content, starts, depth) => ({
        kind: 'jagged',
        offsets: offsetsOf(starts, this.counts[depth + 1]),
        content,
      }),
      this.values.column(),
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
}

/** Entries from `first` on that go on with an innermost list and have a value. */
function restOfList(
  repetitions: Uint8Array,
  definitions: Uint8Array,
  first: number,
  { lists, definition }: Leaf,
): number {
  const deepest = lists.length;
  let end = first;
  while (repetitions[end] === deepest && definitions[end] === definition) end++;
  return end - first;
}

function offsetsOf(starts: readonly number[], end: number): Uint32Array {
  const offsets = new Uint32Array(starts.length + 1);
  offsets.set(starts);
  offsets[starts.length] = end;
  return offsets;
}
