/** Algorithm "threshold sum": trigger cells at or above a threshold, and the sum of the others. */
import { CHANNELS, crossingsOf, expectLength } from './channels.ts';
import { CHARGE_CODE, encodeFloat, SUM_CODE } from './float-code.ts';

export interface ThresholdSum {
  /** 1 where the charge reaches the threshold, [crossings, 48]. */
  readonly selected: Uint8Array;
  /** Number of selected channels, [crossings]. */
  readonly counts: Uint8Array;
  /** Codes (4E+3M) of the selected charges in the order of channels, then zeros, [crossings, 48]. */
  readonly codes: Uint8Array;
  /** Codes (5E+3M) of the sum of all charges, [crossings]. */
  readonly sums: Uint8Array;
  /** Codes (5E+3M) of the sum of the charges that are not selected, [crossings]. */
  readonly restSums: Uint8Array;
}

/**
 * @param charges CALQ, [crossings, 48]
 * @param thresholds 48 registers in CALQ counts
 * @param droppedBits lowest bits dropped from each charge before it is encoded
 */
export function thresholdSum(
  charges: Int32Array,
  thresholds: ArrayLike<number>,
  droppedBits: number,
): ThresholdSum {
  const crossings = crossingsOf(charges, CHANNELS, 'charges');
  expectLength(thresholds, CHANNELS, 'thresholds');
  const selected = new Uint8Array(charges.length);
  const codes = new Uint8Array(charges.length);
  const [counts, sums, restSums] = [0, 0, 0].map(() => new Uint8Array(crossings));
  for (let row = 0; row < crossings; row++) {
    const start = row * CHANNELS;
    let [count, sum, rest] = [0, 0, 0];
    for (let k = 0; k < CHANNELS; k++) {
      const charge = charges[start + k];
      sum += charge;
      if (charge >= thresholds[k]) {
        selected[start + k] = 1;
        codes[start + count++] = encodeFloat(charge, CHARGE_CODE, droppedBits);
      } else rest += charge;
    }
    counts[row] = count;
    sums[row] = encodeFloat(sum, SUM_CODE);
    restSums[row] = encodeFloat(rest, SUM_CODE);
  }
  return { selected, counts, codes, sums, restSums };
}
