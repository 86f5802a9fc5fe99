/** Readers of items. They let values pass by, or hand those of one column to a collector. */
import type { ByteCursor, VersionHeader } from '../file/byte-cursor.ts';
import { Damage, Unsupported } from '../../damage.ts';
import type { Collector, ListCollector, TextCollector } from './item-collectors.ts';
import type { ItemReader } from './item-reader.ts';
import { checkCount, eachAlone, NO_END, takeNumbers } from './item-reader.ts';
import type { ItemType } from './item-type.ts';
import { fewestBytes } from './item-type.ts';
import { checkEnd, isMemberWise, skipClassName, skipClassVersion, skipIdentity } from './object-header.ts';
import { recordReader } from './record-reader.ts';

/**
 * @param path leads, member by member, to the column that `collector` collects; without both, everything passes by
 */
export function readerOf(item: ItemType, path: readonly number[] = [], collector?: Collector): ItemReader {
  switch (item.kind) {
    case 'number':
      return eachAlone((cursor) => takeNumbers(cursor, item, 1, collector));
    case 'text':
      return eachAlone((cursor, end) => takeText(cursor, end, collector as TextCollector | undefined));
    case 'array':
      return arrayReader(item, path, collector);
    case 'list':
      return listReader(item.item, path, collector as ListCollector | undefined);
    case 'rest':
      return restReader(item, path, collector as ListCollector | undefined);
    case 'container':
      return containerReader(readerOf(item.item, path, collector));
    case 'record':
      return recordReader(item, path, collector, readerOf);
    case 'named': {
      const { read } = readerOf(item.item, path, collector);
      return eachAlone((cursor, end) => {
        skipClassName(cursor);
        read(cursor, end);
      });
    }
    case 'identity':
      return eachAlone(skipIdentity);
    case 'counted':
      return refusing('an array with a counter');
    case 'unknown':
      return refusing(`type ${item.reason}`);
  }
}

function refusing(what: string): ItemReader {
  return eachAlone(() => {
    throw new Unsupported(`${what} comes before its values, which is not readable`);
  });
}

/** Of an empty text some writers store nothing. */
function takeText(cursor: ByteCursor, end: number, collector: TextCollector | undefined): void {
  const text = cursor.position === end ? '' : cursor.text();
  collector?.values.push(text);
}

function arrayReader(
  { length, item }: Extract<ItemType, { kind: 'array' }>,
  path: readonly number[],
  collector: Collector | undefined,
): ItemReader {
  if (item.kind === 'number') return eachAlone((cursor) => takeNumbers(cursor, item, length, collector));
  const list = collector as ListCollector | undefined;
  const element = readerOf(item, path, list?.content);
  const fewest = fewestBytes(item);
  return eachAlone((cursor, end) => {
    checkCount(cursor, end, length, fewest);
    list?.add(length);
    for (let i = 0; i < length; i++) element.read(cursor, NO_END);
  });
}

function listReader(item: ItemType, path: readonly number[], list: ListCollector | undefined): ItemReader {
  const element = readerOf(item, path, list?.content);
  const { readMembers } = element;
  const fewest = fewestBytes(item);
  const begin = (cursor: ByteCursor, end: number, each: number) => {
    const count = cursor.uint32();
    checkCount(cursor, end, count, each);
    list?.add(count);
    return count;
  };
  const reader = eachAlone((cursor, end) => {
    const count = begin(cursor, end, fewest);
    if (item.kind === 'number') takeNumbers(cursor, item, count, list?.content);
    else for (let i = 0; i < count; i++) element.read(cursor, NO_END);
  });
  if (readMembers === undefined) return reader;
  return { ...reader, readMemberWise: (cursor) => readMembers(cursor, begin(cursor, NO_END, 1)) };
}

/** Elements to the end of an entry; containers among them have one header for all. */
function restReader(
  { item, hasFlag }: Extract<ItemType, { kind: 'rest' }>,
  path: readonly number[],
  list: ListCollector | undefined,
): ItemReader {
  const isContainer = item.kind === 'container';
  const element = readerOf(isContainer ? item.item : item, path, list?.content);
  return eachAlone((cursor, end) => {
    if (hasFlag === true) cursor.take(1);
    const isThere = cursor.position < end;
    const read = isContainer && isThere ? readBehind(cursor, cursor.versionHeader(), element) : element.read;
    let count = 0;
    for (; cursor.position < end; count++) {
      const before = cursor.position;
      read(cursor, NO_END);
      if (cursor.position === before) throw new Damage('elements without bytes');
    }
    list?.add(count);
  });
}

function containerReader(content: ItemReader): ItemReader {
  return {
    read(cursor, end) {
      const header = cursor.versionHeader();
      readBehind(cursor, header, content)(cursor, header.end ?? end);
      checkEnd(cursor, header);
    },
    readOfMany(cursor, count) {
      const header = cursor.versionHeader();
      const read = readBehind(cursor, header, content);
      for (let i = 0; i < count; i++) read(cursor, NO_END);
      checkEnd(cursor, header);
    },
  };
}

/** What reads a list behind the header of its container. */
function readBehind(
  cursor: ByteCursor,
  header: VersionHeader,
  { read, readMemberWise }: ItemReader,
): ItemReader['read'] {
  if (!isMemberWise(header)) return read;
  if (readMemberWise === undefined) throw new Damage('numbers or texts that are stored member by member');
  skipClassVersion(cursor);
  return readMemberWise;
}
