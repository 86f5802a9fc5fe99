/** Event files as an independent reader sees them. */
import { readFile } from 'node:fs/promises';
import { Reader } from 'protobufjs/minimal.js';
import { wholeRecords } from '../tensorboard/record.ts';

/** Fields of a message by number; messages stay bytes. */
export type Fields = ReadonlyMap<number, readonly (number | Uint8Array)[]>;

/** Reads the fields of a message. */
export function fields(bytes: Uint8Array): Fields {
  const reader = Reader.create(bytes);
  const found = new Map<number, (number | Uint8Array)[]>();
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const read = [
      () => Number(reader.uint64()),
      () => reader.double(),
      () => reader.bytes(),
      undefined,
      undefined,
      () => reader.float(),
    ][tag & 7]!;
    found.set(tag >> 3, [...(found.get(tag >> 3) ?? []), read()]);
  }
  return found;
}

/** Fields of the message in a field, the first one. */
export function inner(message: Fields, field: number): Fields {
  return fields(message.get(field)![0] as Uint8Array);
}

/** Text of a field's bytes. */
export const text = (bytes: unknown): string => Buffer.from(bytes as Uint8Array).toString();

/** The events of a file. @throws Error when it has a torn record */
export async function events(path: string): Promise<Fields[]> {
  const file = await readFile(path);
  if (wholeRecords(file) !== file.length) throw new Error(`${path}: torn record`);
  const found = [];
  for (let start = 0; start < file.length;) {
    const length = Number(file.readBigUInt64LE(start));
    found.push(fields(file.subarray(start + 12, start + 12 + length)));
    start += length + 16;
  }
  return found;
}
