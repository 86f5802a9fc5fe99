/** Baskets whose entries all have the same bytes. */
import type { BasketContent } from './basket.ts';
import type { Layout } from './branch-layout.ts';
import { Damage } from '../../damage.ts';
import { bytesOf } from '../../columns/number-types.ts';
import { toMachineOrder } from '../../columns/byte-order.ts';

type NumbersLayout = Extract<Layout, { kind: 'numbers' }>;

/** Puts entries [first, end) of a basket into `target`, which holds exactly these, in the machine's order. */
export function decodeNumbers(
  basket: BasketContent,
  layout: NumbersLayout,
  first: number,
  end: number,
  target: Uint8Array,
): void {
  const { entryBytes, offset, number, width } = layout;
  if (basket.data.length !== basket.entries * entryBytes) {
    throw new Damage(
      `${basket.data.length} bytes for ${basket.entries} entries, expected ${entryBytes} bytes for each`,
    );
  }
  const bytes = width * bytesOf(number);
  if (bytes === entryBytes) {
    target.set(basket.data.subarray(first * entryBytes, end * entryBytes));
  } else {
    for (let entry = first, to = 0; entry < end; entry++, to += bytes) {
      const from = entry * entryBytes + offset;
      target.set(basket.data.subarray(from, from + bytes), to);
    }
  }
  toMachineOrder(number, target);
}
