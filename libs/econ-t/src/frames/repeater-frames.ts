/** Format of the repeater: all 48 charges; on fewer than 11 eLinks the last ones are cut off. */
import { CHANNELS } from '../channels.ts';
import type { FramePlan } from './frames.ts';

/** Words that hold all charges. */
export const REPEATER_WORDS = 22;

/** How the frame of each crossing is written: all charges. @param codes of 7 bits, [crossings, 48] */
export function repeaterPlan(codes: Uint8Array, eLinks: number): FramePlan {
  return {
    write(row, counter, bits) {
      const start = row * CHANNELS;
      bits.write(counter, 5);
      for (let k = 0; k < CHANNELS; k++) bits.write(codes[start + k], 7);
      bits.finish();
      return 2 * eLinks;
    },
  };
}
