/** Readers of objects. */
import type { ByteCursor } from '../file/byte-cursor.ts';
import { Damage, Unsupported } from '../../damage.ts';
import type { Collector, ListCollector } from './item-collectors.ts';
import type { ItemReader, MakeReader } from './item-reader.ts';
import { checkCount, eachAlone, NO_END, takeNumbers } from './item-reader.ts';
import type { ItemType, RecordItem } from './item-type.ts';
import { numberBytes } from './item-type.ts';
import { readObjectHeader } from './object-header.ts';

/** Objects. Behind the wanted member nothing is read where the end is known. */
export function recordReader(
  item: RecordItem,
  path: readonly number[],
  collector: Collector | undefined,
  make: MakeReader,
): ItemReader {
  const members = memberReaders(item, path, collector, make);
  const alone = item.isInMap === true ? memberReaders(withoutHeaders(item), path, collector, make) : members;
  const reader = eachAlone((cursor, end) => {
    if (!item.isHeaded) return readInTurn(alone, path[0], cursor, end);
    const header = readObjectHeader(cursor, item.version);
    readInTurn(alone, path[0], cursor, header.end ?? NO_END);
    cursor.finish(header);
  });
  return {
    ...reader,
    readMembers(cursor, count) {
      if (count === 0) return;
      members.forEach((member, index) => {
        const isBase = item.members[index].isBase;
        (isBase ? (member.readMembers ?? member.readOfMany) : member.readOfMany)(cursor, count);
      });
    },
  };
}

function withoutHeaders(item: RecordItem): RecordItem {
  const members = item.members.map((member) => {
    return member.item.kind === 'container' ? { ...member, item: member.item.item } : member;
  });
  return { ...item, members };
}

function readInTurn(
  members: readonly ItemReader[],
  wanted: number | undefined,
  cursor: ByteCursor,
  end: number,
): void {
  for (let i = 0; i < members.length; i++) {
    members[i].read(cursor, NO_END);
    if (cursor.position > end) throw new Damage('an object is longer than its place');
    if (i === wanted && end !== NO_END) return cursor.seek(end);
  }
}

/** Readers of the members of an object, of which some count others. */
function memberReaders(
  { members }: RecordItem,
  path: readonly number[],
  collector: Collector | undefined,
  make: MakeReader,
): ItemReader[] {
  const counters = new Map<string, number>();
  const counterNames = members.flatMap(({ item }) => (item.kind === 'counted' ? [item.counter] : []));
  return members.map(({ name, item }, index) => {
    const inside = index === path[0] ? collector : undefined;
    if (item.kind === 'counted') return countedReader(item, counters, inside as ListCollector | undefined);
    const reader = make(item, index === path[0] ? path.slice(1) : [], inside);
    return counterNames.includes(name) ? noting(reader, (count) => counters.set(name, count)) : reader;
  });
}

/** A reader of an integer of four bytes that is needed later. */
function noting(reader: ItemReader, note: (value: number) => void): ItemReader {
  return {
    ...reader,
    read(cursor, end) {
      const at = cursor.position;
      reader.read(cursor, end);
      if (cursor.position !== at + 4) throw new Unsupported('a counter of other than four bytes');
      note(cursor.view.getInt32(at));
    },
  };
}

function countedReader(
  { item, counter }: Extract<ItemType, { kind: 'counted' }>,
  counters: ReadonlyMap<string, number>,
  list: ListCollector | undefined,
): ItemReader {
  return {
    read(cursor, end) {
      const count = cursor.uint8() === 0 ? 0 : counters.get(counter);
      if (count === undefined || count < 0) throw new Damage(`${count} numbers, counted by ${counter}`);
      checkCount(cursor, end, count, numberBytes(item));
      list?.add(count);
      takeNumbers(cursor, item, count, list?.content);
    },
    readOfMany() {
      throw new Unsupported('an array with a counter in objects stored member by member');
    },
  };
}
