/** Baskets: the values of a branch for some entries. */
import { ByteCursor } from '../file/byte-cursor.ts';
import { Damage, Unsupported } from '../../damage.ts';
import { decompress } from '../compression/decompress.ts';
import type { Workspace } from '../compression/workspace.ts';
import { readKey } from '../file/key.ts';

/** Values of some entries: `data` back to back, and where each entry begins when their sizes differ. */
export interface BasketContent {
  readonly entries: number;
  readonly data: Uint8Array;
  /** [entries] or more; bytes from the start of `data`. */
  readonly offsets: Int32Array | undefined;
}

/** Fields of a basket behind its key. */
export interface BasketFields {
  readonly entries: number;
  /** End of the values, counted from the start of the key. */
  readonly last: number;
  readonly flag: number;
}

/** Reads the fields between a basket's key and its buffer. */
export function readBasketFields(cursor: ByteCursor): BasketFields {
  cursor.versionHeader();
  cursor.take(4); // bytes of the buffer
  if (cursor.int32() < 0) {
    const features = cursor.uint8();
    if ((features & 1) !== 0)
      throw new Unsupported('entry offsets are not stored (feature kGenerateOffsetMap)');
  }
  return { entries: cursor.int32(), last: cursor.int32(), flag: cursor.uint8() };
}

/**
 * A basket from its whole record.
 * @param entries how many the tree says it has
 * @param workspace keeps the plain bytes, of which the basket is a part, until it is used again
 * @throws Damage when the record is damaged or holds another number of entries
 */
export async function readBasket(
  record: Uint8Array,
  entries: number,
  workspace: Workspace,
): Promise<BasketContent> {
  const cursor = new ByteCursor(record);
  const key = readKey(cursor);
  if (key.className !== 'TBasket')
    throw new Damage(`a ${key.className || 'nameless record'} where a basket is expected`);
  const fields = readBasketFields(cursor);
  if (key.bytes !== record.length || key.keyBytes > record.length) {
    throw new Damage(`a basket of ${key.bytes} bytes, expected ${record.length}`);
  }
  if (fields.entries !== entries)
    throw new Damage(`a basket of ${fields.entries} entries, expected ${entries}`);
  const plain = await decompress(record.subarray(key.keyBytes), key.plainBytes, workspace);
  const border = fields.last - key.keyBytes;
  if (!(border >= 0 && border <= plain.length)) throw new Damage('values of a basket end behind its buffer');
  const data = plain.subarray(0, border);
  if (border === plain.length) return { entries, data, offsets: undefined };
  return { entries, data, offsets: readOffsets(new ByteCursor(plain, border), key.keyBytes, entries) };
}

function readOffsets(cursor: ByteCursor, keyBytes: number, entries: number): Int32Array {
  const count = cursor.int32();
  if (count < entries) throw new Damage(`${count} offsets for ${entries} entries`);
  const stored = cursor.slice(entries * 4);
  const view = new DataView(stored.buffer, stored.byteOffset, stored.length);
  const offsets = new Int32Array(entries);
  for (let i = 0; i < entries; i++) offsets[i] = view.getInt32(4 * i) - keyBytes;
  return offsets;
}
