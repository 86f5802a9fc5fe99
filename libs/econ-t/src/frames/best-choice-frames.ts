/** Format of best choice: the sum of what is left out, then addresses and charges of the largest. */
import { chipBestChoiceCells } from '@hep/hgcal-geometry';
import type { BestChoice } from '../best-choice.ts';
import { CHANNELS } from '../channels.ts';
import { CHARGE_CODE, encodeFloat, SUM_CODE } from '../float-code.ts';
import { WORD_BITS } from './bits.ts';
import { shortCounter } from './frames.ts';
import type { FramePlan } from './frames.ts';

/** Fewer channels are sent with an address each, others with a map of all channels. */
export const LEAST_FOR_MAP = 8;

/** Words of a frame: all that the links hold, one less on 13. */
export function bestChoiceWords(eLinks: number): number {
  const bits = 4 + 8 + CHANNELS + 7 * chipBestChoiceCells(eLinks);
  return eLinks === 13 ? Math.ceil(bits / WORD_BITS) : 2 * eLinks;
}

/** Registers of the format, and a choice that the chip does not have. */
export interface BestChoiceFormat {
  /** Sends the sum of all channels, not only of those that are not sent (UseSum); so it is anyway where all are sent. */
  readonly sendsFullSum: boolean;
  /**
   * Sends charges of code 0 in their place. The reference leaves them out and the others move up (default): where fewer
   * channels than fit have charge, addresses and charges can then not be matched.
   */
  readonly keepsZeros?: boolean;
}

/** How the frame of each crossing is written. */
export function bestChoicePlan(
  result: BestChoice,
  eLinks: number,
  { sendsFullSum, keepsZeros = false }: BestChoiceFormat,
): FramePlan {
  const sentChannels = chipBestChoiceCells(eLinks);
  const words = bestChoiceWords(eLinks);
  const firstSummed = sendsFullSum || sentChannels === CHANNELS ? 0 : sentChannels;
  const codes = new Uint8Array(CHANNELS);
  const isSent = new Uint8Array(CHANNELS);
  return {
    write(row, counter, bits) {
      const start = row * CHANNELS;
      let sum = 0;
      isSent.fill(0);
      for (let rank = 0; rank < CHANNELS; rank++) {
        const charge = result.charges[start + rank];
        if (rank >= firstSummed) sum += charge;
        if (rank >= sentChannels) continue;
        const channel = result.channels[start + rank];
        isSent[channel] = 1;
        codes[channel] = encodeFloat(charge, CHARGE_CODE);
      }
      bits.write(shortCounter(counter), 4);
      bits.write(encodeFloat(sum, SUM_CODE), 8);
      if (sentChannels < LEAST_FOR_MAP) {
        for (let k = 0; k < CHANNELS; k++) if (isSent[k]) bits.write(k, 6);
      } else {
        for (let k = 0; k < CHANNELS; k++) bits.write(isSent[k], 1);
      }
      for (let k = 0; k < CHANNELS; k++)
        if (isSent[k] && (keepsZeros || codes[k] > 0)) bits.write(codes[k], 7);
      bits.finish();
      return words;
    },
  };
}
