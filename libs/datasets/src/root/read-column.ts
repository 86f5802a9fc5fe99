/** A column of a tree for some entries: the baskets that overlap them, decoded side by side. */
import type { Column, RowRange } from '../columns/column.ts';
import { readBasket } from './basket.ts';
import type { BasketContent } from './basket.ts';
import type { BasketPlace, Branch } from './branch.ts';
import type { Layout, TreeColumn } from './branch-layout.ts';
import { concatenateColumns } from './concatenate.ts';
import { mapConcurrently } from './concurrency.ts';
import { atPlace, Damage, Unsupported } from './damage.ts';
import { decodeItems, noItems } from './decode-items.ts';
import { decodeLists } from './decode-lists.ts';
import { decodeNumbers } from './decode-numbers.ts';
import { asNumbers, bytesOf } from './number-type.ts';
import type { RandomAccessFile } from './random-access-file.ts';

/** Baskets in work at a time: enough for the threads that decompress. */
const BASKETS_AT_A_TIME = 8;

/** Gets a basket, and which of its entries are wanted and where they begin among the wanted rows. */
type BasketVisitor<T> = (basket: BasketContent, first: number, end: number, row: number) => T;

/** @throws UserError with file, branch and entries when the values are damaged or not readable */
export async function readColumn(
  file: RandomAccessFile,
  rows: number,
  { branch, layout }: TreeColumn,
  range: RowRange,
): Promise<Column> {
  const place = `${file.path}: branch '${branch.name}'`;
  return atPlace(place, () => {
    checkBranch(branch, layout, rows);
    const visit = <T>(visitor: BasketVisitor<T>) => visitBaskets(file, place, branch, range, visitor);
    if (layout.kind === 'numbers') return readNumbers(layout, range, visit);
    if (layout.kind === 'lists') return readLists(layout, range, visit);
    if (layout.kind === 'items') return readItems(layout, visit);
    throw new Unsupported(`type ${layout.reason} is not readable, expected numbers, texts or lists of them`);
  });
}

type Visit = <T>(visitor: BasketVisitor<T>) => Promise<T[]>;
type LayoutOf<Kind> = Extract<Layout, { kind: Kind }>;

function checkBranch(branch: Branch, layout: Layout, rows: number): void {
  if (branch.otherFile !== '') {
    throw new Unsupported(`its values are in another file, ${branch.otherFile}`);
  }
  if (layout.kind !== 'unknown' && branch.entries !== rows) {
    throw new Damage(`${branch.entries} entries in a tree of ${rows}`);
  }
}

function visitBaskets<T>(
  file: RandomAccessFile,
  place: string,
  branch: Branch,
  { first, end }: RowRange,
  visitor: BasketVisitor<T>,
): Promise<T[]> {
  const wanted = branch.baskets().filter((basket) => basket.first < end && basket.end > first);
  return mapConcurrently(wanted, BASKETS_AT_A_TIME, (basket) =>
    atPlace(`${place}, entries ${basket.first} to ${basket.end - 1}`, async () => {
      const from = Math.max(first, basket.first);
      const to = Math.min(end, basket.end);
      const content = await basketContent(file, basket);
      return visitor(content, from - basket.first, to - basket.first, from - first);
    }),
  );
}

async function basketContent(file: RandomAccessFile, place: BasketPlace): Promise<BasketContent> {
  const entries = place.end - place.first;
  if (place.embedded === undefined) return readBasket(await file.read(place.position, place.bytes), entries);
  if (place.embedded.entries !== entries) {
    throw new Damage(`a basket of ${place.embedded.entries} entries, expected ${entries}`);
  }
  return place.embedded;
}

async function readNumbers(layout: LayoutOf<'numbers'>, range: RowRange, visit: Visit): Promise<Column> {
  const bytes = layout.width * bytesOf(layout.number);
  const target = new Uint8Array((range.end - range.first) * bytes);
  await visit((basket, first, end, row) =>
    decodeNumbers(basket, layout, first, end, target.subarray(row * bytes, (row + end - first) * bytes)),
  );
  const values = asNumbers(layout.number, target);
  return layout.width === 1 ? { kind: 'flat', values } : { kind: 'fixed', width: layout.width, values };
}

async function readLists(layout: LayoutOf<'lists'>, range: RowRange, visit: Visit): Promise<Column> {
  const offsets = new Uint32Array(range.end - range.first + 1);
  const parts = await visit((basket, first, end, row) =>
    decodeLists(basket, layout, first, end, offsets, row + 1),
  );
  sumUp(offsets);
  const values = asNumbers(layout.number, join(parts));
  const { width } = layout;
  return {
    kind: 'jagged',
    offsets,
    content: width === 1 ? { kind: 'flat', values } : { kind: 'fixed', width, values },
  };
}

async function readItems(layout: LayoutOf<'items'>, visit: Visit): Promise<Column> {
  const parts = await visit((basket, first, end) => decodeItems(basket, layout, first, end));
  return parts.length === 0 ? noItems(layout.item) : concatenateColumns(parts);
}

/** Counts behind a zero become offsets. */
function sumUp(counts: Uint32Array): void {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) {
    sum += counts[i];
    counts[i] = sum;
  }
  if (sum >= 2 ** 32) throw new Damage('2^32 numbers or more in one column, read fewer rows at a time');
}

function join(parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  if (parts.length === 1) return parts[0];
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let filled = 0;
  for (const part of parts) {
    joined.set(part, filled);
    filled += part.length;
  }
  return joined;
}
