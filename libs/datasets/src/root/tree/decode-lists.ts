/** Baskets with lists of numbers of any length. */
import type { BasketContent } from './basket.ts';
import type { Layout } from './branch-layout.ts';
import { Damage, Unsupported } from '../../damage.ts';
import { bytesOf } from '../../columns/number-types.ts';
import type { GrowingNumbers } from './growing-numbers.ts';
import { MEMBER_WISE } from './object-header.ts';

type ListsLayout = Extract<Layout, { kind: 'lists' }>;

/** Header of an STL container: byte count, version and number of elements. */
export const HEADER_BYTES = 10;

/**
 * Appends the numbers of entries [first, end) of a basket to `content` and writes the lengths of the lists, in groups
 * of `layout.width` numbers, to `counts` from `position` on.
 */
export function decodeLists(
  basket: BasketContent,
  layout: ListsLayout,
  first: number,
  end: number,
  content: GrowingNumbers,
  counts: Uint32Array,
  position: number,
): void {
  const { data } = basket;
  const starts = entryStarts(basket, first, end);
  const entries = end - first;
  const groupBytes = layout.width * bytesOf(layout.number);
  const header = layout.hasHeader ? HEADER_BYTES : 0;
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const bytes = starts[entries] - starts[0];
  content.reserve(bytes, (bytes / Math.max(1, entries)) * (counts.length - 1));
  for (let i = 0; i < entries; i++) {
    const length = starts[i + 1] - starts[i] - header;
    const count = length / groupBytes;
    if (!(length >= 0 && Number.isInteger(count))) {
      throw new Damage(`${length} bytes in entry ${first + i} of a basket, expected groups of ${groupBytes}`);
    }
    if (header > 0) {
      refuseMemberWise(view, starts[i]);
      checkCount(view, starts[i], count);
      content.append(view, starts[i] + header, length);
    }
    counts[position + i] = count;
  }
  if (header === 0) content.append(view, starts[0], bytes);
}

/** [end - first + 1]: where the entries begin, and where the last one ends. */
export function entryStarts(
  { data, offsets, entries }: BasketContent,
  first: number,
  end: number,
): Int32Array {
  const starts = new Int32Array(end - first + 1);
  if (offsets === undefined) {
    if (entries > 0 && data.length > 0) {
      throw new Damage('a basket of variable entries has no table of offsets');
    }
    return starts;
  }
  let before = 0;
  for (let i = 0; i < starts.length; i++) {
    const start = first + i < entries ? offsets[first + i] : data.length;
    if (start < before || start > data.length)
      throw new Damage(`entry ${first + i} of a basket begins outside it`);
    starts[i] = before = start;
  }
  return starts;
}

/** @throws Unsupported when the header of a container of numbers says that its elements are stored in another way */
export function refuseMemberWise(view: DataView, start: number): void {
  if ((view.getUint16(start + 4) & MEMBER_WISE) !== 0) {
    throw new Unsupported('a container is stored member by member');
  }
}

function checkCount(view: DataView, start: number, count: number): void {
  const announced = view.getUint32(start + 6);
  if (announced !== count) throw new Damage(`a list of ${announced} numbers where ${count} are stored`);
}
