/** Baskets with lists of numbers of any length. */
import type { BasketContent } from './basket.ts';
import type { Layout } from './branch-layout.ts';
import { Damage, Unsupported } from './damage.ts';
import { bytesOf, toMachineOrder } from './number-type.ts';

type ListsLayout = Extract<Layout, { kind: 'lists' }>;

/** Header of an STL container: byte count, version and number of elements. */
const HEADER_BYTES = 10;
const MEMBER_WISE = 0x4000;
const LONGEST_BYTEWISE_COPY = 64;

/**
 * The numbers of entries [first, end) of a basket, back to back in the machine's order; `counts` of the entries'
 * groups of numbers are put behind `position`.
 */
export function decodeLists(
  basket: BasketContent,
  layout: ListsLayout,
  first: number,
  end: number,
  counts: Uint32Array,
  position: number,
): Uint8Array<ArrayBuffer> {
  const { data } = basket;
  const starts = entryStarts(basket, first, end);
  const groupBytes = layout.width * bytesOf(layout.number);
  const header = layout.hasHeader ? HEADER_BYTES : 0;
  const bytes = starts[end - first] - starts[0] - header * (end - first);
  if (bytes < 0) throw new Damage('entries are shorter than their headers');
  const content = new Uint8Array(bytes);
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  let filled = 0;
  for (let i = 0; i < end - first; i++) {
    const from = starts[i] + header;
    const length = starts[i + 1] - from;
    const count = length / groupBytes;
    if (!(length >= 0 && Number.isInteger(count))) {
      throw new Damage(`${length} bytes in entry ${first + i} of a basket, expected groups of ${groupBytes}`);
    }
    if (header > 0) checkHeader(view, starts[i], count);
    copy(data, from, content, filled, length);
    filled += length;
    counts[position + i] = count;
  }
  toMachineOrder(layout.number, content);
  return content;
}

/** [end - first + 1]: where the entries begin, and where the last one ends. */
export function entryStarts(
  { data, offsets, entries }: BasketContent,
  first: number,
  end: number,
): Int32Array {
  if (offsets === undefined) {
    if (entries > 0 && data.length > 0)
      throw new Damage('a basket of variable entries has no table of offsets');
    return new Int32Array(end - first + 1);
  }
  const starts = new Int32Array(end - first + 1);
  for (let i = 0; i < starts.length; i++) {
    starts[i] = first + i < entries ? offsets[first + i] : data.length;
    if (starts[i] < (i === 0 ? 0 : starts[i - 1]) || starts[i] > data.length) {
      throw new Damage(`entry ${first + i} of a basket begins outside it`);
    }
  }
  return starts;
}

function checkHeader(view: DataView, start: number, count: number): void {
  if ((view.getUint16(start + 4) & MEMBER_WISE) !== 0)
    throw new Unsupported('a container is stored member by member');
  const announced = view.getUint32(start + 6);
  if (announced !== count) throw new Damage(`a list of ${announced} numbers where ${count} are stored`);
}

/** Short pieces are faster copied byte by byte than through a view. */
function copy(from: Uint8Array, start: number, to: Uint8Array, position: number, length: number): void {
  if (length > LONGEST_BYTEWISE_COPY) to.set(from.subarray(start, start + length), position);
  else for (let i = 0; i < length; i++) to[position + i] = from[start + i];
}
