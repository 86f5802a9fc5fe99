/** Baskets that were never written on their own but lie in the record of the tree. */
import type { ObjectReader } from './object-reader.ts';
import { readKey } from '../file/key.ts';
import type { StreamedObject } from './streamed-object.ts';
import { Damage } from '../../damage.ts';
import { readBasketFields } from '../tree/basket.ts';
import type { BasketContent } from '../tree/basket.ts';

const MASK_OF_DISPLACEMENT = 0xff00_0000;

/** Puts the basket into `payload`, or leaves that empty when the basket is a shell without buffer. */
export function readEmbeddedBasket(reader: ObjectReader, object: StreamedObject): void {
  const { cursor } = reader;
  const key = readKey(cursor);
  const fields = readBasketFields(cursor);
  const { flag } = fields;
  const hasOffsets = flag !== 0 && flag % 10 !== 2 && flag < 80;
  let offsets: Int32Array | undefined;
  if (hasOffsets && fields.entries > 0) {
    const stored = reader.readArray(3, cursor.int32());
    const mask = flag > 20 && flag < 40 ? ~MASK_OF_DISPLACEMENT : -1;
    offsets = Int32Array.from(stored, (offset) => (offset & mask) - key.keyBytes);
  }
  if (flag > 40 && flag < 80 && fields.entries > 0) reader.readArray(3, cursor.int32());
  if (flag !== 1 && flag <= 10) return;
  if (fields.last < key.keyBytes) throw new Damage('an embedded basket is shorter than its header');
  const content: BasketContent = {
    entries: fields.entries,
    data: cursor.slice(fields.last).subarray(key.keyBytes),
    offsets,
  };
  object.payload = content;
}
