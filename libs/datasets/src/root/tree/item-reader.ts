/** Parts of all readers of items. */
import type { ByteCursor } from '../file/byte-cursor.ts';
import { Damage } from '../../damage.ts';
import type { Collector, NumbersCollector } from './item-collectors.ts';
import type { ItemType, NumberItem } from './item-type.ts';
import { numberBytes } from './item-type.ts';

/** End of a value inside another one, which tells its own length. */
export const NO_END = Infinity;

/** Reads values of one type. */
export interface ItemReader {
  /** Reads one value, which must not go beyond `end`. */
  readonly read: (cursor: ByteCursor, end: number) => void;
  /** Reads this member of `count` objects that are stored member by member. */
  readonly readOfMany: (cursor: ByteCursor, count: number) => void;
  /** Objects: reads `count` of them that are stored member by member. */
  readonly readMembers?: (cursor: ByteCursor, count: number) => void;
  /** Lists of objects: reads one that is stored member by member. */
  readonly readMemberWise?: (cursor: ByteCursor) => void;
}

/** Makes the reader of an item; `path` leads to the column that `collector` collects. */
export type MakeReader = (item: ItemType, path?: readonly number[], collector?: Collector) => ItemReader;

/** A reader of values that are the same in objects that are stored member by member. */
export function eachAlone(read: ItemReader['read']): ItemReader {
  return {
    read,
    readOfMany(cursor, count) {
      for (let i = 0; i < count; i++) read(cursor, NO_END);
    },
  };
}

/** Takes numbers, which are collected or pass by. */
export function takeNumbers(
  cursor: ByteCursor,
  item: NumberItem,
  count: number,
  collector: Collector | undefined,
): void {
  if (collector === undefined) cursor.take(count * numberBytes(item));
  else (collector as NumbersCollector).take(cursor, count);
}

/** Objects without members would take no bytes; as many as bytes are left are enough of them. */
export function checkCount(cursor: ByteCursor, end: number, count: number, fewest: number): void {
  const left = Math.min(end, cursor.bytes.length) - cursor.position;
  if (count * Math.max(1, fewest) > left) {
    throw new Damage(`a list of ${count} elements in ${left} bytes`);
  }
}
