/** A column of a tree for some entries. */
import type { Column, RowRange } from '../../columns/column.ts';
import type { WantedBasket } from './basket-stream.ts';
import { visitBaskets } from './basket-stream.ts';
import type { Branch } from './branch.ts';
import type { Layout } from './branch-layout.ts';
import type { TreeColumn } from './tree-columns.ts';
import { concatenateColumns } from '../../columns/concatenate.ts';
import { atPlace, Damage, Unsupported } from '../../damage.ts';
import { decodeItems, noItems } from './decode-items.ts';
import { decodeLists } from './decode-lists.ts';
import { decodeNumbers } from './decode-numbers.ts';
import { GrowingNumbers } from './growing-numbers.ts';
import type { RecordBuffers } from '../file/load-ahead.ts';
import { bytesOf, numbersOver } from '../../columns/number-types.ts';
import type { RandomAccessFile } from '../file/random-access-file.ts';

type LayoutOf<Kind> = Extract<Layout, { kind: Kind }>;
type VisitBaskets = (visit: (wanted: WantedBasket) => void) => Promise<void>;

/**
 * @param rows entries of the tree, which the branch must have, too
 * @throws UserError with file, branch and entries when the values are damaged or not readable
 */
export async function readColumn(
  file: RandomAccessFile,
  rows: number,
  { branch, layout }: TreeColumn,
  range: RowRange,
  buffers: RecordBuffers,
): Promise<Column> {
  const place = `${file.path}: branch '${branch.name}'`;
  return atPlace(place, () => {
    checkBranch(branch, layout, rows);
    const baskets: VisitBaskets = (visit) => visitBaskets(file, place, branch, range, buffers, visit);
    if (layout.kind === 'numbers') return readNumbers(layout, range, baskets);
    if (layout.kind === 'lists') return readLists(layout, range, baskets);
    if (layout.kind === 'items') return readItems(layout, baskets);
    throw new Unsupported(`type ${layout.reason} is not readable, expected numbers, texts or lists of them`);
  });
}

function checkBranch(branch: Branch, layout: Layout, rows: number): void {
  if (branch.otherFile !== '') {
    throw new Unsupported(`its values are in another file, ${branch.otherFile}`);
  }
  if (layout.kind !== 'unknown' && branch.entries !== rows) {
    throw new Damage(`${branch.entries} entries in a tree of ${rows}`);
  }
}

async function readNumbers(
  layout: LayoutOf<'numbers'>,
  range: RowRange,
  baskets: VisitBaskets,
): Promise<Column> {
  const bytes = layout.width * bytesOf(layout.number);
  const target = new Uint8Array((range.end - range.first) * bytes);
  await baskets(({ basket, first, end, row }) =>
    decodeNumbers(basket, layout, first, end, target.subarray(row * bytes, (row + end - first) * bytes)),
  );
  const values = numbersOver(layout.number, target);
  return layout.width === 1 ? { kind: 'flat', values } : { kind: 'fixed', width: layout.width, values };
}

async function readLists(layout: LayoutOf<'lists'>, range: RowRange, baskets: VisitBaskets): Promise<Column> {
  const offsets = new Uint32Array(range.end - range.first + 1);
  const content = new GrowingNumbers(layout.number);
  await baskets(({ basket, first, end, row }) =>
    decodeLists(basket, layout, first, end, content, offsets, row + 1),
  );
  sumUp(offsets);
  const { width } = layout;
  const values = content.finish();
  return {
    kind: 'jagged',
    offsets,
    content: width === 1 ? { kind: 'flat', values } : { kind: 'fixed', width, values },
  };
}

async function readItems(layout: LayoutOf<'items'>, baskets: VisitBaskets): Promise<Column> {
  const parts: Column[] = [];
  await baskets(({ basket, first, end }) => void parts.push(decodeItems(basket, layout, first, end)));
  return parts.length === 0 ? noItems(layout) : concatenateColumns(parts);
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
