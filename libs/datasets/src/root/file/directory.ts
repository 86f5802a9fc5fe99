/** Directories of a file: lists of keys. */
import { ByteCursor } from './byte-cursor.ts';
import { Damage } from '../../damage.ts';
import type { Key } from './key.ts';
import { readKey } from './key.ts';
import type { RandomAccessFile } from './random-access-file.ts';

const LARGE_FILE_VERSION = 1000;
const DIRECTORY_BYTES = 42;
const SMALLEST_KEY_BYTES = 29;
const DEEPEST = 32;
const MOST_KEYS = 1_000_000;

/** A key with the path of its directory: `a/b/name`. */
export interface FoundKey {
  readonly path: string;
  readonly key: Key;
}

/** All keys of a directory whose fields are at `position`, and of the directories inside. */
export async function listKeys(file: RandomAccessFile, position: number): Promise<FoundKey[]> {
  const found: FoundKey[] = [];
  const visited = new Set<number>();
  const visit = async (start: number, prefix: string, depth: number): Promise<void> => {
    if (visited.has(start) || depth > DEEPEST) throw new Damage('directories contain each other without end');
    visited.add(start);
    for (const key of await readDirectory(file, start)) {
      found.push({ path: prefix + key.name, key });
      if (found.length > MOST_KEYS) throw new Damage(`more than ${MOST_KEYS} keys`);
      if (key.className === 'TDirectory' || key.className === 'TDirectoryFile') {
        await visit(key.position + key.keyBytes, `${prefix}${key.name}/`, depth + 1);
      }
    }
  };
  await visit(position, '', 0);
  return found;
}

async function readDirectory(file: RandomAccessFile, position: number): Promise<Key[]> {
  const fields = await file.read(position, Math.max(0, Math.min(DIRECTORY_BYTES, file.size - position)));
  const cursor = new ByteCursor(fields);
  const version = cursor.int16();
  cursor.take(8); // dates
  const keysBytes = cursor.int32();
  cursor.take(4); // bytes of the name
  const isLarge = version > LARGE_FILE_VERSION;
  cursor.take(isLarge ? 16 : 8); // position of this directory and of its parent
  const keysPosition = isLarge ? cursor.int64() : cursor.int32();
  if (keysPosition === 0) return [];
  return readKeys(new ByteCursor(await file.read(keysPosition, keysBytes)));
}

function readKeys(cursor: ByteCursor): Key[] {
  readKey(cursor); // the list's own
  const count = cursor.int32();
  if (count < 0 || count * SMALLEST_KEY_BYTES > cursor.left)
    throw new Damage(`${count} keys in a shorter list`);
  return Array.from({ length: count }, () => readKey(cursor));
}
