/** Formats of the super trigger cells: addresses of the largest charges, then sums. */
import { CHANNELS } from '../channels.ts';
import { encodeFloat } from '../float-code.ts';
import { superCellFormats } from '../super-trigger-cells.ts';
import type { SuperCells, SuperCellType } from '../super-trigger-cells.ts';
import { shortCounter } from './frames.ts';
import type { FramePlan } from './frames.ts';

/** Super cells that a type sends on `eLinks` links; 0 where it sends nothing because fewer links suffice. */
export function superCellsSent(type: SuperCellType, eLinks: number): number {
  return superCellFormats[type].groupsByELinks[eLinks - 1] ?? 0;
}

/** @param droppedBits lowest bits dropped from the sums of the 7-bit types */
export function superCellPlan(
  { sums, addresses }: SuperCells,
  type: SuperCellType,
  eLinks: number,
  droppedBits: number,
): FramePlan {
  const { cells, addressBits, sumCode, dropsBits } = superCellFormats[type];
  const groups = CHANNELS / cells;
  const sent = superCellsSent(type, eLinks);
  const sumBits = sumCode.exponentBits + sumCode.mantissaBits;
  return {
    write(row, counter, bits) {
      if (sent === 0) return 2;
      const start = row * groups;
      bits.write(shortCounter(counter), 4);
      for (let group = 0; group < sent; group++) bits.write(addresses[start + group], addressBits);
      for (let group = 0; group < sent; group++) {
        bits.write(encodeFloat(sums[start + group] >> (dropsBits ? droppedBits : 0), sumCode), sumBits);
      }
      bits.finish();
      return 2 * eLinks;
    },
  };
}
