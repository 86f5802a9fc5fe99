/** Baskets with lists of lists of numbers, which many ntuples have: as `decodeItems`, but faster. */
import type { Column } from '../../columns/column.ts';
import type { BasketContent } from './basket.ts';
import { HEADER_BYTES, refuseMemberWise } from './decode-lists.ts';
import { Damage } from '../../damage.ts';
import type { ItemType } from './item-type.ts';
import type { NumberType } from '../../columns/number-types.ts';
import { bytesOf, numbersOver } from '../../columns/number-types.ts';
import { toMachineOrder } from '../../columns/byte-order.ts';

/** The number type of an item that is a container of lists of numbers as the machine has them. */
export function numberOfNested(item: ItemType): NumberType | undefined {
  if (item.kind !== 'container' || item.item.kind !== 'list' || item.item.item.kind !== 'list')
    return undefined;
  const inner = item.item.item.item;
  return inner.kind === 'number' && inner.packing === undefined ? inner.number : undefined;
}

/**
 * @param starts [entries + 1], where the entries begin and the last one ends
 * @param first number of the first entry in the basket, for errors
 */
export function decodeNested(
  { data }: BasketContent,
  number: NumberType,
  starts: Int32Array,
  first: number,
): Column {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const outer = new Uint32Array(starts.length);
  const size = bytesOf(number);
  let bytes = 0;
  for (let i = 0; i + 1 < starts.length; i++) {
    const inside = measure(view, starts[i], starts[i + 1], size);
    if (inside === undefined) throw new Damage(`the lists in entry ${first + i} of a basket do not fill it`);
    outer[i + 1] = outer[i] + inside.lists;
    bytes += inside.bytes;
  }
  const offsets = new Uint32Array(outer[outer.length - 1] + 1);
  const content = new Uint8Array(bytes);
  for (let i = 0, filled = 0, list = 0; i + 1 < starts.length; i++) {
    for (let at = starts[i] + HEADER_BYTES; at < starts[i + 1]; list++) {
      const end = at + 4 + view.getUint32(at) * size;
      for (at += 4; at < end; at++) content[filled++] = data[at];
      offsets[list + 1] = filled / size;
    }
  }
  toMachineOrder(number, content);
  const values: Column = { kind: 'flat', values: numbersOver(number, content) };
  return { kind: 'jagged', offsets: outer, content: { kind: 'jagged', offsets, content: values } };
}

/** Number of lists in an entry and the bytes of their numbers, undefined when they do not end with the entry. */
function measure(
  view: DataView,
  start: number,
  end: number,
  size: number,
): { lists: number; bytes: number } | undefined {
  if (end - start < HEADER_BYTES) return undefined;
  refuseMemberWise(view, start);
  const lists = view.getUint32(start + 6);
  let at = start + HEADER_BYTES;
  for (let i = 0; i < lists; i++) {
    if (at + 4 > end) return undefined;
    at += 4 + view.getUint32(at) * size;
  }
  return at === end ? { lists, bytes: at - start - HEADER_BYTES - 4 * lists } : undefined;
}
