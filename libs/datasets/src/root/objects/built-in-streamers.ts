/** Classes that write themselves in their own form, and those that describe all others. */
import { Damage } from '../../damage.ts';
import { skipIdentity } from '../tree/object-header.ts';
import type { ObjectReader } from './object-reader.ts';
import { readEmbeddedBasket } from './embedded-basket.ts';
import type { StreamedObject } from './streamed-object.ts';
import type { StreamerElement } from './streamer-info.ts';

type Streamer = (reader: ObjectReader, object: StreamedObject) => void;

/** Readers by class name. */
export const builtInStreamers: ReadonlyMap<string, Streamer> = new Map<string, Streamer>([
  ['TObject', readTObject],
  ['TNamed', readTNamed],
  ['TObjArray', readTObjArray],
  ['TList', readTList],
  ['THashList', readTList],
  ['TBasket', readEmbeddedBasket],
  ...arrayStreamers(),
  ['TStreamerInfo', readTStreamerInfo],
  ...elementStreamers(),
]);

function readTObject({ cursor }: ObjectReader): void {
  skipIdentity(cursor);
}

function readTNamed(reader: ObjectReader, object: StreamedObject): void {
  const header = reader.cursor.versionHeader();
  readTObject(reader);
  object.members.set('fName', reader.cursor.text());
  object.members.set('fTitle', reader.cursor.text());
  reader.cursor.finish(header);
}

function readTObjArray(reader: ObjectReader, object: StreamedObject): void {
  const { cursor } = reader;
  const header = cursor.versionHeader();
  if (header.version > 2) readTObject(reader);
  if (header.version > 1) cursor.text(); // name
  const count = itemCount(reader);
  cursor.take(4); // lower bound
  for (let i = 0; i < count; i++) object.items.push(reader.readPointer());
  cursor.finish(header);
}

function readTList(reader: ObjectReader, object: StreamedObject): void {
  const { cursor } = reader;
  const header = cursor.versionHeader();
  readTObject(reader);
  cursor.text(); // name
  const count = itemCount(reader);
  for (let i = 0; i < count; i++) {
    object.items.push(reader.readPointer());
    cursor.text(); // option
  }
  cursor.finish(header);
}

function itemCount({ cursor }: ObjectReader): number {
  const count = cursor.int32();
  if (count < 0 || count * 4 > cursor.left)
    throw new Damage(`a collection of ${count} objects in ${cursor.left} bytes`);
  return count;
}

function arrayStreamers(): [string, Streamer][] {
  const codes = { TArrayC: 1, TArrayS: 2, TArrayI: 3, TArrayL: 4, TArrayL64: 16, TArrayF: 5, TArrayD: 8 };
  return Object.entries(codes).map(([name, code]) => [
    name,
    (reader, object) => void object.members.set('fArray', reader.readArray(code, reader.cursor.int32())),
  ]);
}

function readTStreamerInfo(reader: ObjectReader, object: StreamedObject): void {
  const { cursor } = reader;
  const header = cursor.versionHeader();
  readTNamed(reader, object);
  const checksum = cursor.uint32();
  const version = cursor.int32();
  const elements = reader.readPointer()?.items ?? [];
  object.payload = {
    name: object.text('fName'),
    version,
    checksum,
    elements: elements.map((element) => element?.payload).filter((element) => element !== undefined),
  };
  cursor.finish(header);
}

/** All element classes begin with a TStreamerElement; some add fields, of which only the counter's name matters. */
function elementStreamers(): [string, Streamer][] {
  const plain = [
    'Base',
    'BasicType',
    'String',
    'Object',
    'ObjectPointer',
    'ObjectAny',
    'ObjectAnyPointer',
    'STL',
    'Artificial',
  ];
  const counted = ['BasicPointer', 'Loop'];
  return [
    ...plain.map((name): [string, Streamer] => [`TStreamer${name}`, (...of) => readElement(...of, false)]),
    ...counted.map((name): [string, Streamer] => [`TStreamer${name}`, (...of) => readElement(...of, true)]),
    ['TStreamerSTLstring', readSTLstring],
  ];
}

function readElement(reader: ObjectReader, object: StreamedObject, isCounted: boolean): void {
  const { cursor } = reader;
  const header = cursor.versionHeader();
  const base = cursor.versionHeader();
  readTNamed(reader, object);
  const code = cursor.int32();
  cursor.take(4); // bytes in memory
  const arrayLength = cursor.int32();
  cursor.take(4 + 5 * 4); // dimensions
  const typeName = cursor.text();
  cursor.finish(base);
  if (isCounted) cursor.take(4); // version of the class of the counter
  const element: StreamerElement = {
    name: object.text('fName'),
    title: object.text('fTitle'),
    code,
    typeName,
    arrayLength,
    countName: isCounted ? cursor.text() : '',
  };
  object.payload = element;
  cursor.finish(header);
}

function readSTLstring(reader: ObjectReader, object: StreamedObject): void {
  const header = reader.cursor.versionHeader();
  readElement(reader, object, false);
  reader.cursor.finish(header);
}
