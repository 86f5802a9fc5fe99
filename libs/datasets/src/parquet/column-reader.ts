/** A column of some rows of one row group. */
import type { FileHandle } from 'node:fs/promises';
import type { Column, FlatColumn, RowRange, TextColumn } from '../columns/column.ts';
import { Damage } from '../damage.ts';
import type { ColumnChunk } from './footer.ts';
import { bitsOf, isUniform, readHybrid } from './levels.ts';
import { ListBuilder } from './list-builder.ts';
import { missingValue, noValue, numbersOfPhysical } from './physical-values.ts';
import type { Page } from './pages.ts';
import { chunkPages } from './pages.ts';
import type { Leaf } from './schema.ts';
import type { Stored } from './values.ts';
import { decodeValues, valueBytes } from './values.ts';

/** Values of one page with their levels; no levels where every value is there and in no list. */
interface DecodedPage {
  readonly stored: Stored;
  readonly definitions?: Uint32Array;
  readonly repetitions?: Uint32Array;
}

/**
 * Rows of the group [first, end) of a column.
 * @throws Damage when pages are damaged, or numbers that cannot be NaN are missing
 */
export async function readColumn(
  handle: FileHandle,
  leaf: Leaf,
  chunk: ColumnChunk,
  rows: RowRange,
): Promise<Column> {
  return leaf.isNested ? readLists(handle, leaf, chunk, rows) : readFlat(handle, leaf, chunk, rows);
}

async function readFlat(
  handle: FileHandle,
  leaf: Leaf,
  chunk: ColumnChunk,
  { first, end }: RowRange,
): Promise<FlatColumn | TextColumn> {
  const target = new FlatTarget(leaf, end - first, first);
  let dictionary: Stored | undefined;
  let row = 0;
  for await (const page of chunkPages(handle, chunk)) {
    if (page.kind === 'dictionary') {
      dictionary = await readDictionary(leaf, page);
      continue;
    }
    if (row + page.values > first) {
      const decoded = await decodePage(leaf, page, dictionary);
      target.add(decoded, page.values, row - first);
    }
    row += page.values;
    if (row >= end) break;
  }
  return target.column();
}

async function readLists(
  handle: FileHandle,
  leaf: Leaf,
  chunk: ColumnChunk,
  rows: RowRange,
): Promise<Column> {
  const builder = new ListBuilder(leaf, rows);
  let dictionary: Stored | undefined;
  for await (const page of chunkPages(handle, chunk)) {
    if (page.kind === 'dictionary') {
      dictionary = await readDictionary(leaf, page);
      continue;
    }
    const { stored, definitions, repetitions } = await decodePage(leaf, page, dictionary);
    builder.add(stored, definitions!, repetitions!);
    if (builder.isComplete()) break;
  }
  return builder.column();
}

async function readDictionary(leaf: Leaf, page: Page): Promise<Stored> {
  const { data } = await page.content();
  return decodeValues(leaf, 0, data, page.values, undefined);
}

async function decodePage(leaf: Leaf, page: Page, dictionary: Stored | undefined): Promise<DecodedPage> {
  const { levels, data } = await page.content();
  const { repetition, definition } = page.levelBytes;
  const version2 = page.kind === 'data2';
  const parts = version2
    ? {
        repetitions: levels.subarray(0, repetition),
        definitions: levels.subarray(repetition, repetition + definition),
        data,
      }
    : leadingLevels(leaf, data);
  const repetitions =
    leaf.lists.length > 0 ? readHybrid(parts.repetitions, bitsOf(leaf.lists.length), page.values) : undefined;
  const width = bitsOf(leaf.definition);
  const isSimple = width === 0 || isUniform(parts.definitions, width, page.values, leaf.definition);
  if (repetitions === undefined && isSimple) {
    return { stored: decodeValues(leaf, page.encoding, parts.data, page.values, dictionary) };
  }
  const definitions = readHybrid(parts.definitions, width, page.values);
  const present = countOf(definitions, leaf.definition);
  return {
    stored: decodeValues(leaf, page.encoding, parts.data, present, dictionary),
    definitions,
    repetitions,
  };
}

/** The levels of a page of version 1, each after its length in four bytes. */
function leadingLevels({ lists, definition }: Leaf, data: Uint8Array) {
  let rest = data;
  const next = (isThere: boolean): Uint8Array => {
    if (!isThere) return rest.subarray(0, 0);
    const length = rest.length < 4 ? Infinity : new DataView(rest.buffer, rest.byteOffset).getUint32(0, true);
    if (4 + length > rest.length) throw new Damage('levels longer than their page');
    const part = rest.subarray(4, 4 + length);
    rest = rest.subarray(4 + length);
    return part;
  };
  const repetitions = next(lists.length > 0);
  const definitions = next(definition > 0);
  return { repetitions, definitions, data: rest };
}

function countOf(values: Uint32Array, wanted: number): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i] === wanted) count++;
  return count;
}

/** Where the wanted rows of a column without lists go. */
class FlatTarget {
  private readonly texts: string[] = [];
  private readonly bytes: Uint8Array<ArrayBuffer>;
  private readonly width: number;

  constructor(
    private readonly leaf: Leaf,
    private readonly rows: number,
    private readonly firstRow: number,
  ) {
    this.width = valueBytes(leaf);
    this.bytes = new Uint8Array(leaf.value === 'text' ? 0 : rows * this.width);
  }

  /** Puts the values of a page whose first one belongs to row `offset`, which may be negative, of the target. */
  add({ stored, definitions }: DecodedPage, count: number, offset: number): void {
    const from = Math.max(0, -offset);
    const to = Math.min(count, this.rows - offset);
    if (definitions !== undefined) this.addWithNulls(stored, definitions, from, to, offset);
    else if (stored.kind === 'texts') for (let i = from; i < to; i++) this.texts.push(stored.texts[i]);
    else
      this.bytes.set(stored.bytes.subarray(from * this.width, to * this.width), (from + offset) * this.width);
  }

  column(): FlatColumn | TextColumn {
    if (this.leaf.value === 'text') return { kind: 'text', values: this.texts };
    return { kind: 'flat', values: numbersOfPhysical(this.leaf, this.bytes) };
  }

  private addWithNulls(
    stored: Stored,
    definitions: Uint32Array,
    from: number,
    to: number,
    offset: number,
  ): void {
    const { width } = this;
    const missing = missingValue(this.leaf);
    for (let i = 0, value = 0; i < to; i++) {
      const isPresent = definitions[i] === this.leaf.definition;
      const index = isPresent ? value++ : -1;
      if (i < from) continue;
      if (!isPresent && missing === undefined) {
        throw noValue(this.leaf, this.firstRow + i + offset);
      }
      const at = (i + offset) * width;
      if (stored.kind === 'texts') this.texts.push(stored.texts[index]);
      else if (isPresent)
        for (let b = 0; b < width; b++) this.bytes[at + b] = stored.bytes[index * width + b];
      else this.bytes.set(missing!, at);
    }
  }
}
