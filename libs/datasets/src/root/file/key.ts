/** TKey: the record header of everything in a file. */
import type { ByteCursor } from './byte-cursor.ts';
import { Damage } from '../../damage.ts';
import { decompress } from '../compression/decompress.ts';
import type { RandomAccessFile } from './random-access-file.ts';

/** Keys of this version and above have eight-byte positions. */
const LARGE_FILE_VERSION = 1000;

/** Header of a record: `bytes` in all on disk, of which `keyBytes` are the header; the rest is `plainBytes` long when plain. */
export interface Key {
  readonly bytes: number;
  readonly plainBytes: number;
  readonly keyBytes: number;
  readonly cycle: number;
  readonly position: number;
  readonly className: string;
  readonly name: string;
  readonly title: string;
}

/** Reads the fields of a key and leaves the cursor behind them. */
export function readKey(cursor: ByteCursor): Key {
  const bytes = cursor.int32();
  const version = cursor.int16();
  const plainBytes = cursor.int32();
  cursor.take(4); // date
  const keyBytes = cursor.int16();
  const cycle = cursor.int16();
  const isLarge = version > LARGE_FILE_VERSION;
  const position = isLarge ? cursor.int64() : cursor.int32();
  cursor.take(isLarge ? 8 : 4); // position of the parent directory
  const className = cursor.text();
  const key = {
    bytes,
    plainBytes,
    keyBytes,
    cycle,
    position,
    className,
    name: cursor.text(),
    title: cursor.text(),
  };
  if (plainBytes < 0 || keyBytes < 0) throw new Damage('sizes of a record are nonsense');
  return key;
}

/** Plain contents of a record; positions inside count from the key, so `keyBytes` must be added. */
export async function readRecord(file: RandomAccessFile, key: Key): Promise<Uint8Array> {
  if (key.bytes < key.keyBytes)
    throw new Damage(`a record of ${key.bytes} bytes with a key of ${key.keyBytes}`);
  const stored = await file.read(key.position + key.keyBytes, key.bytes - key.keyBytes);
  return decompress(stored, key.plainBytes);
}
