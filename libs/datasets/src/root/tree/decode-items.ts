/** Baskets of texts and of lists of lists, element by element: any nesting, at less speed. */
import type { Column } from '../../columns/column.ts';
import type { BasketContent } from './basket.ts';
import type { Layout } from './branch-layout.ts';
import { ByteCursor } from '../file/byte-cursor.ts';
import { Damage, Unsupported } from '../../damage.ts';
import { entryStarts } from './decode-lists.ts';
import { GrowingNumbers } from './growing-numbers.ts';
import type { NumberType } from '../number-type.ts';
import { bytesOf } from '../number-type.ts';
import type { ItemType } from './type-name.ts';

type ItemsLayout = Extract<Layout, { kind: 'items' }>;

const MEMBER_WISE = 0x4000;
/** End of a value inside another one, which tells its own length. */
const NO_END = Infinity;

/** Collects values of one type, as many as are read. */
interface Collector {
  /** Reads one value, which must not go beyond `end`. */
  read(cursor: ByteCursor, end: number): void;
  /** Everything that was read. */
  column(): Column;
}

/** Column of entries [first, end) of a basket. */
export function decodeItems(basket: BasketContent, layout: ItemsLayout, first: number, end: number): Column {
  const starts = entryStarts(basket, first, end);
  const collector = collectorOf(layout.item);
  const cursor = new ByteCursor(basket.data, starts[0]);
  for (let i = 0; i < end - first; i++) {
    if (layout.hasHeader && (cursor.versionHeader().version & MEMBER_WISE) !== 0) {
      throw new Unsupported('a container is stored member by member');
    }
    collector.read(cursor, starts[i + 1]);
    const rest = starts[i + 1] - cursor.position;
    if (rest !== 0) throw new Damage(`entry ${first + i} of a basket has ${rest} bytes more than its values`);
  }
  return collector.column();
}

/** The column of no entries. */
export function noItems(item: ItemType): Column {
  return collectorOf(item).column();
}

function collectorOf(item: ItemType): Collector {
  if (item.kind === 'text') return textCollector();
  if (item.kind === 'number') throw new Error('single numbers are no items'); // their layout has other decoders
  return item.item.kind === 'number' ? numbersCollector(item.item.number) : listCollector(item.item);
}

function textCollector(): Collector {
  const values: string[] = [];
  return {
    // Of an empty text some writers store nothing.
    read: (cursor, end) => void values.push(cursor.position === end ? '' : cursor.text()),
    column: () => ({ kind: 'text', values }),
  };
}

function listCollector(item: ItemType): Collector {
  const offsets = [0];
  const content = collectorOf(item);
  const smallest = item.kind === 'text' ? 1 : 4;
  return {
    read(cursor, end) {
      const count = listLength(cursor, end, smallest);
      for (let i = 0; i < count; i++) content.read(cursor, NO_END);
      offsets.push(offsets[offsets.length - 1] + count);
    },
    column: () => ({ kind: 'jagged', offsets: Uint32Array.from(offsets), content: content.column() }),
  };
}

/** Lists of numbers, which are copied as a whole. */
function numbersCollector(number: NumberType): Collector {
  const offsets = [0];
  const content = new GrowingNumbers(number);
  const size = bytesOf(number);
  return {
    read(cursor, end) {
      const count = listLength(cursor, end, size);
      const bytes = count * size;
      content.reserve(bytes, cursor.bytes.length);
      content.append(cursor.view, cursor.take(bytes), bytes);
      offsets.push(offsets[offsets.length - 1] + count);
    },
    column: () => ({
      kind: 'jagged',
      offsets: Uint32Array.from(offsets),
      content: { kind: 'flat', values: content.finish() },
    }),
  };
}

function listLength(cursor: ByteCursor, end: number, smallest: number): number {
  const count = cursor.uint32();
  const left = Math.min(end, cursor.bytes.length) - cursor.position;
  if (count * smallest > left) throw new Damage(`a list of ${count} elements in ${left} bytes`);
  return count;
}
