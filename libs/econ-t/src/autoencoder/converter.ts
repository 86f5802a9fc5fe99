/** In front of the encoder: the module sum, and charges as fractions of the power of two below it. */
import { CHANNELS, crossingsOf } from '../channels.ts';
import { encodeFloat, WIDE_SUM_CODE } from '../float-code.ts';

/** Fraction bits of a normalised charge; 1 bit stands before the binary point. */
export const INPUT_FRACTION_BITS = 7;
const MOST_SHIFTED = 14;
const EIGHT_BITS = 0xff;

/** Inputs of the encoder, and the sums that go beside its outputs. */
export interface ConvertedCharges {
  /** Charges over the largest power of two that is at most their sum, in units of 2^-7, [crossings, 48]. */
  readonly inputs: Uint8Array;
  /** Codes (5E+4M) of the sums, [crossings]. */
  readonly sums: Uint16Array;
}

/**
 * What the chip's converter makes of calibrated charges; bits above the eighth are lost, as there.
 * @param charges CALQ, [crossings, 48]
 */
export function convertCharges(charges: Int32Array): ConvertedCharges {
  const crossings = crossingsOf(charges, CHANNELS, 'charges');
  const inputs = new Uint8Array(charges.length);
  const sums = new Uint16Array(crossings);
  for (let row = 0; row < crossings; row++) {
    const start = row * CHANNELS;
    let sum = 0;
    for (let k = 0; k < CHANNELS; k++) sum += charges[start + k];
    sums[row] = encodeFloat(sum, WIDE_SUM_CODE);
    const shift = Math.max(0, 31 - Math.clz32(sum)) - INPUT_FRACTION_BITS;
    for (let k = start; k < start + CHANNELS; k++) {
      inputs[k] =
        shift >= 0 ? charges[k] >> Math.min(shift, MOST_SHIFTED) : (charges[k] & EIGHT_BITS) << -shift;
    }
  }
  return { inputs, sums };
}
