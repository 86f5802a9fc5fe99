/** The baskets of a branch with certain rows, in order. */
import type { RowRange } from '../../columns/column.ts';
import { readBasket } from './basket.ts';
import type { BasketContent } from './basket.ts';
import type { BasketPlace, Branch } from './branch.ts';
import { atPlace, Damage } from '../../damage.ts';
import type { RecordBuffers } from '../file/load-ahead.ts';
import { loadAhead } from '../file/load-ahead.ts';
import type { RandomAccessFile } from '../file/random-access-file.ts';

/** Entries [first, end) of `basket` are wanted; they become the rows from `row` on. Valid during the visit. */
export interface WantedBasket {
  readonly basket: BasketContent;
  readonly first: number;
  readonly end: number;
  readonly row: number;
}

/**
 * Hands the baskets with rows of `range` to `visit`, in order.
 * @throws UserError with `place` and the entries of a damaged basket
 */
export async function visitBaskets(
  file: RandomAccessFile,
  place: string,
  branch: Branch,
  range: RowRange,
  buffers: RecordBuffers,
  visit: (wanted: WantedBasket) => void,
): Promise<void> {
  const places = branch.baskets().filter(({ first, end }) => first < range.end && end > range.first);
  const at = <T>({ first, end }: BasketPlace, action: () => Promise<T> | T) =>
    atPlace(`${place}, entries ${first} to ${end - 1}`, action);
  await loadAhead(
    places,
    buffers,
    (basket, slot) => at(basket, () => loadBasket(file, basket, buffers, slot)),
    (basket, around) => at(around, () => visit(wantedOf(basket, around, range))),
  );
}

function wantedOf(basket: BasketContent, { first, end }: BasketPlace, range: RowRange): WantedBasket {
  const from = Math.max(first, range.first);
  return { basket, first: from - first, end: Math.min(end, range.end) - first, row: from - range.first };
}

async function loadBasket(
  file: RandomAccessFile,
  { first, end, position, bytes, embedded }: BasketPlace,
  buffers: RecordBuffers,
  slot: number,
): Promise<BasketContent> {
  const entries = end - first;
  if (embedded === undefined) {
    file.check(position, bytes);
    const record = await file.read(position, bytes, buffers.forStored(slot, bytes));
    return readBasket(record, entries, buffers.forPlain(slot));
  }
  if (embedded.entries === entries) return embedded;
  throw new Damage(`a basket of ${embedded.entries} entries, expected ${entries}`);
}
