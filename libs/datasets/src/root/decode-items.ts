/** Baskets of texts and of lists of lists, element by element: any nesting, at less speed. */
import type { Column } from '../columns/column.ts';
import type { BasketContent } from './basket.ts';
import type { Layout } from './branch-layout.ts';
import { ByteCursor } from './byte-cursor.ts';
import { Damage, Unsupported } from './damage.ts';
import { entryStarts } from './decode-lists.ts';
import { asNumbers, bytesOf, toMachineOrder } from './number-type.ts';
import type { ItemType } from './type-name.ts';

type ItemsLayout = Extract<Layout, { kind: 'items' }>;

const MEMBER_WISE = 0x4000;

/** Collects values of one type, as many as are read. */
interface Collector {
  /** Reads one value. */
  read(cursor: ByteCursor): void;
  /** Everything that was read. */
  column(): Column;
}

/** Column of entries [first, end) of a basket. */
export function decodeItems(basket: BasketContent, layout: ItemsLayout, first: number, end: number): Column {
  const { data } = basket;
  const starts = entryStarts(basket, first, end);
  const collector = collectorOf(layout.item);
  for (let i = 0; i < end - first; i++) {
    const cursor = new ByteCursor(data.subarray(starts[i], starts[i + 1]));
    if (layout.hasHeader && (cursor.versionHeader().version & MEMBER_WISE) !== 0) {
      throw new Unsupported('a container is stored member by member');
    }
    collector.read(cursor);
    if (cursor.left > 0) throw new Damage(`${cursor.left} bytes too many in entry ${first + i} of a basket`);
  }
  return collector.column();
}

/** The column of no entries. */
export function noItems(item: ItemType): Column {
  return collectorOf(item).column();
}

function collectorOf(item: ItemType): Collector {
  if (item.kind === 'text') return textCollector();
  return item.kind === 'list' ? listCollector(item.item) : numberCollector(item);
}

function textCollector(): Collector {
  const values: string[] = [];
  return {
    // Of an empty text some writers store nothing.
    read: (cursor) => void values.push(cursor.bytes.length === 0 ? '' : cursor.text()),
    column: () => ({ kind: 'text', values }),
  };
}

function listCollector(item: ItemType): Collector {
  const offsets = [0];
  const content = item.kind === 'number' ? numberCollector(item) : collectorOf(item);
  return {
    read(cursor) {
      const count = cursor.uint32();
      const smallest = item.kind === 'number' ? bytesOf(item.number) : item.kind === 'text' ? 1 : 4;
      if (count * smallest > cursor.left)
        throw new Damage(`a list of ${count} elements in ${cursor.left} bytes`);
      for (let i = 0; i < count; i++) content.read(cursor);
      offsets.push(offsets[offsets.length - 1] + count);
    },
    column: () => ({ kind: 'jagged', offsets: Uint32Array.from(offsets), content: content.column() }),
  };
}

function numberCollector({ number }: Extract<ItemType, { kind: 'number' }>): Collector {
  const size = bytesOf(number);
  const pieces: Uint8Array[] = [];
  return {
    read: (cursor) => void pieces.push(cursor.slice(size)),
    column() {
      const bytes = new Uint8Array(pieces.length * size);
      pieces.forEach((piece, i) => bytes.set(piece, i * size));
      toMachineOrder(number, bytes);
      return { kind: 'flat', values: asNumbers(number, bytes) };
    },
  };
}
