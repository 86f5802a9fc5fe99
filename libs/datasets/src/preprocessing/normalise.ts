/** Charges to fractions and back, row by row (Ecoder spec, section 6, steps 2, 3 and 9). */
import { CALQ_PER_MIP_T, CELLS } from '../wafers/wafer-data.ts';

/** Charges or fractions, [rows, 48], float32 in training, float64 where golden values are exact. */
export type Charges = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/**
 * What a row is divided by: the power of two at or below its sum (the fractions sum to [1, 2), a shift on the chip),
 * its maximum, or its sum.
 */
export type Normalisation = 'power-of-two' | 'maximum' | 'sum';

/** Fractions with the scales that were taken out. Empty rows stay zero and have scales 0. */
export interface NormalisedCharges<A extends Charges> {
  readonly fractions: A;
  /** Largest power of two at or below the sum, in CALQ counts, [rows]. */
  readonly powers: Float64Array<ArrayBuffer>;
  /** Sums in CALQ counts, [rows]. */
  readonly sums: Float64Array<ArrayBuffer>;
  /** Largest charges in CALQ counts, [rows]. */
  readonly maxima: Float64Array<ArrayBuffer>;
}

/** Divides each row by its scale, into a new array of the same type. */
export function normalise<A extends Charges>(charges: A, method: Normalisation): NormalisedCharges<A> {
  const rows = charges.length / CELLS;
  const sums = new Float64Array(rows);
  const maxima = new Float64Array(rows);
  const powers = new Float64Array(rows);
  const fractions = charges.slice() as A;
  const scales = method === 'power-of-two' ? powers : method === 'maximum' ? maxima : sums;
  for (let row = 0; row < rows; row++) {
    sums[row] = rowSum(charges, row);
    maxima[row] = rowMaximum(charges, row);
    powers[row] = leadingPowerOfTwo(sums[row]);
    const scale = scales[row];
    if (scale === 0) continue;
    for (let i = row * CELLS; i < (row + 1) * CELLS; i++) fractions[i] /= scale;
  }
  return { fractions, powers, sums, maxima };
}

/**
 * What a restored row keeps of the input: `power-of-two` replaces the output's leading power of two by the input's
 * (the reference; the total may differ from the input's by up to a factor 2), `maximum` makes the largest charges
 * equal, `sum` the totals (conserves energy).
 */
export type Restoration = Normalisation;

/**
 * Scales decoder outputs back to charges: row y becomes y * scale / own scale of y, into a new array.
 * @param fractions outputs, [rows, 48]
 * @param scales the input's powers, maxima or sums as `method` says, [rows]; their unit is the result's
 */
export function restore<A extends Charges>(fractions: A, scales: ArrayLike<number>, method: Restoration): A {
  const restored = fractions.slice() as A;
  for (let row = 0; row < scales.length; row++) {
    const own =
      method === 'maximum'
        ? rowMaximum(fractions, row)
        : method === 'sum'
          ? rowSum(fractions, row)
          : leadingPowerOfTwo(rowSum(fractions, row));
    if (own === 0) continue;
    for (let i = row * CELLS; i < (row + 1) * CELLS; i++) restored[i] = (fractions[i] * scales[row]) / own;
  }
  return restored;
}

/** 2^floor(log2 x), exact for every positive x; 0 for 0. */
export function leadingPowerOfTwo(x: number): number {
  if (!(x > 0)) return 0;
  if (x >= 1 && x < 2 ** 31) return 2 ** (31 - Math.clz32(x));
  let power = 2 ** Math.floor(Math.log2(x));
  while (power > x) power /= 2;
  while (2 * power <= x) power *= 2;
  return power;
}

/** CALQ counts in MIP_T (transverse minimum-ionising-particle equivalents). */
export function toMipT(counts: Float64Array): Float64Array<ArrayBuffer> {
  return Float64Array.from(counts, (count) => count / CALQ_PER_MIP_T);
}

/** Cells above `threshold` counts in each row, [rows]; the default is 1 MIP_T, 0 counts all cells with charge. */
export function occupancy(charges: Charges, threshold = CALQ_PER_MIP_T): Int32Array<ArrayBuffer> {
  const occupied = new Int32Array(charges.length / CELLS);
  for (let row = 0; row < occupied.length; row++) {
    for (let i = row * CELLS; i < (row + 1) * CELLS; i++) if (charges[i] > threshold) occupied[row]++;
  }
  return occupied;
}

function rowSum(charges: Charges, row: number): number {
  let sum = 0;
  for (let i = row * CELLS; i < (row + 1) * CELLS; i++) sum += charges[i];
  return sum;
}

function rowMaximum(charges: Charges, row: number): number {
  let maximum = 0;
  for (let i = row * CELLS; i < (row + 1) * CELLS; i++) if (charges[i] > maximum) maximum = charges[i];
  return maximum;
}
