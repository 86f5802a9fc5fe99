import { readFile } from 'node:fs/promises';
import { inflateSync } from 'node:zlib';
import { ByteCursor } from '../file/byte-cursor.ts';
import { readKey } from '../file/key.ts';

const FIRST_KEY = 100;
const BLOCK_HEADER_BYTES = 9;

/**
 * A copy of a file of one block of zlib in which the newest record of a tree has other plain bytes. The record goes to
 * the end, plain, and the key in the directory points there.
 */
export async function patchedTree(
  path: string,
  name: string,
  edit: (plain: Buffer) => void,
): Promise<Buffer> {
  const bytes = await readFile(path);
  const start = lastRecord(bytes, name);
  const { keyBytes, plainBytes } = readKey(new ByteCursor(bytes, start));
  const header = bytes.subarray(start, start + keyBytes);
  const plain = inflateSync(bytes.subarray(start + keyBytes + BLOCK_HEADER_BYTES));
  if (plain.length !== plainBytes) throw new Error(`${name}: not in one block of zlib`);
  edit(plain);
  const file = Buffer.concat([bytes, header, plain]);
  for (const key of [file.indexOf(header, start + 1), bytes.length]) {
    file.writeInt32BE(keyBytes + plainBytes, key);
    file.writeInt32BE(bytes.length, key + 18);
  }
  file.writeInt32BE(file.length, 12);
  return file;
}

function lastRecord(bytes: Buffer, name: string): number {
  let found = -1;
  for (let position = FIRST_KEY; position + 30 < bytes.length;) {
    const length = bytes.readInt32BE(position);
    const key = length > 0 ? readKey(new ByteCursor(bytes, position)) : undefined;
    if (key?.className === 'TTree' && key.name === name) found = position;
    position += Math.abs(length);
  }
  return found;
}

/** Replaces every number of eight bytes by another one. */
export function replaceInt64(plain: Buffer, from: number, to: number): void {
  const pattern = Buffer.alloc(8);
  pattern.writeBigInt64BE(BigInt(from));
  for (let at = plain.indexOf(pattern); at >= 0; at = plain.indexOf(pattern, at + 1)) {
    plain.writeBigInt64BE(BigInt(to), at);
  }
}
