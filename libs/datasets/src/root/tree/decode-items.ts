/** Baskets of texts, lists of lists and objects, value by value: any nesting, at less speed. */
import type { Column } from '../../columns/column.ts';
import type { BasketContent } from './basket.ts';
import type { Layout } from './branch-layout.ts';
import { ByteCursor } from '../file/byte-cursor.ts';
import { Damage } from '../../damage.ts';
import { entryStarts } from './decode-lists.ts';
import { decodeNested, numberOfNested } from './decode-nested.ts';
import { collectorOf } from './item-collectors.ts';
import { readerOf } from './item-readers.ts';
import { fixedBytes } from './item-type.ts';

type ItemsLayout = Extract<Layout, { kind: 'items' }>;

/** Column of entries [first, end) of a basket. */
export function decodeItems(basket: BasketContent, layout: ItemsLayout, first: number, end: number): Column {
  const { item, path } = layout;
  const starts = startsOf(basket, layout, first, end);
  const number = numberOfNested(item);
  if (number !== undefined) return decodeNested(basket, number, starts, first);
  const collector = collectorOf(item, path);
  const { read } = readerOf(item, path, collector);
  const cursor = new ByteCursor(basket.data, starts[0]);
  for (let i = 0; i < end - first; i++) {
    read(cursor, starts[i + 1]);
    const rest = starts[i + 1] - cursor.position;
    if (rest !== 0) throw new Damage(`entry ${first + i} of a basket has ${rest} bytes more than its values`);
  }
  return collector.column();
}

/** The column of no entries. */
export function noItems({ item, path }: ItemsLayout): Column {
  return collectorOf(item, path).column();
}

/** Entries that all have the same bytes need no table of where they begin. */
function startsOf(basket: BasketContent, { item }: ItemsLayout, first: number, end: number): Int32Array {
  const bytes = basket.offsets === undefined ? fixedBytes(item) : undefined;
  if (bytes === undefined) return entryStarts(basket, first, end);
  const { data, entries } = basket;
  if (data.length !== entries * bytes) {
    throw new Damage(`${data.length} bytes for ${entries} entries, expected ${bytes} bytes for each`);
  }
  return Int32Array.from({ length: end - first + 1 }, (_, i) => (first + i) * bytes);
}
