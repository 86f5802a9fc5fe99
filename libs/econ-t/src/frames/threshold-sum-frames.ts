/** Format of the threshold sum: the only one of variable length. */
import { CHANNELS } from '../channels.ts';
import type { ThresholdSum } from '../threshold-sum.ts';
import type { BitWriter } from './bits.ts';
import { WORD_BITS } from './bits.ts';
import type { FramePlan } from './frames.ts';

/** Bits 10..8 of the first word. */
export const frameTypes = {
  empty: 0b000,
  addresses: 0b010,
  map: 0b100,
  truncated: 0b110,
} as const;

/** Most channels that are sent with an address each. */
export const MOST_ADDRESSES = 7;
/** Bits of header, type and sum. */
const PREFIX_BITS = 16;

/** Bits of the number of addresses. */
export const COUNT_BITS = 3;

/** Bits of an address. */
export const ADDRESS_BITS = 6;

/** Bits of a charge. */
export const CODE_BITS = 7;

/** Words of a frame with `count` selected channels. */
export function thresholdSumWords(count: number): number {
  if (count === 0) return 1;
  const bits =
    count <= MOST_ADDRESSES
      ? PREFIX_BITS + COUNT_BITS + count * (ADDRESS_BITS + CODE_BITS)
      : PREFIX_BITS + CHANNELS + count * CODE_BITS;
  return Math.ceil(bits / WORD_BITS);
}

/** @param sendsFullSum sends the sum of all channels, not only of those that are not selected (UseSum) */
export function thresholdSumPlan(result: ThresholdSum, sendsFullSum: boolean): FramePlan {
  const { selected, counts, codes, sums, restSums } = result;
  const sent = sendsFullSum ? sums : restSums;
  return {
    write(row, counter, bits) {
      const count = counts[row];
      const start = row * CHANNELS;
      writePrefix(bits, counter, typeOf(count), sent[row]);
      if (count === 0) return 1;
      if (count <= MOST_ADDRESSES) {
        bits.write(count, COUNT_BITS);
        for (let k = 0; k < CHANNELS; k++) if (selected[start + k]) bits.write(k, ADDRESS_BITS);
      } else {
        for (let k = 0; k < CHANNELS; k++) bits.write(selected[start + k], 1);
      }
      for (let k = 0; k < count; k++) bits.write(codes[start + k], CODE_BITS);
      bits.finish();
      return thresholdSumWords(count);
    },
    truncatedWord: (row, counter) => (counter << 11) | (frameTypes.truncated << 8) | sums[row],
  };
}

function typeOf(count: number): number {
  if (count === 0) return frameTypes.empty;
  return count <= MOST_ADDRESSES ? frameTypes.addresses : frameTypes.map;
}

function writePrefix(bits: BitWriter, counter: number, type: number, sum: number): void {
  bits.write(counter, 5);
  bits.write(type, 3);
  bits.write(sum, 8);
}
