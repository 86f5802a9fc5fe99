/** Histograms as shares of their sum. */

/** Histograms: one, or a batch in row-major order. */
export type Charges = Float32Array | Float64Array;

/**
 * Writes the histogram at `charges[offset..]` divided by its sum to `shares`. With a threshold above 0, shares at or
 * below it become 0 and the rest is divided by its sum again. Returns false when nothing is left.
 * @param what name of the array in messages
 * @throws RangeError for a negative, infinite or NaN charge, or when the histogram reaches beyond the array
 */
export function readShares(
  what: string,
  charges: Charges,
  offset: number,
  shares: Float64Array,
  threshold: number,
): boolean {
  const bins = shares.length;
  if (!(offset >= 0 && offset + bins <= charges.length)) {
    throw new RangeError(
      `${what}: ${bins} bins at ${offset} reach beyond the array of ${charges.length} numbers`,
    );
  }
  let sum = 0;
  let valid = true;
  for (let bin = 0; bin < bins; bin++) {
    const charge = charges[offset + bin];
    valid &&= charge >= 0;
    shares[bin] = charge;
    sum += charge;
  }
  if (!valid || !(sum < Infinity)) sum = rescue(what, shares, offset);
  if (sum === 0) return false;
  for (let bin = 0; bin < bins; bin++) shares[bin] /= sum;
  return threshold > 0 ? dropBelow(shares, threshold) : true;
}

/** Explains an invalid charge, or scales charges down whose sum overflows; returns their new sum. */
function rescue(what: string, charges: Float64Array, offset: number): number {
  const bin = charges.findIndex((charge) => !(charge >= 0 && charge < Infinity));
  if (bin >= 0) {
    throw new RangeError(`${what}[${offset + bin}] is ${charges[bin]}; expected a finite number, 0 or more`);
  }
  let sum = 0;
  for (let i = 0; i < charges.length; i++) sum += charges[i] /= charges.length;
  return sum;
}

function dropBelow(shares: Float64Array, threshold: number): boolean {
  let sum = 0;
  for (let bin = 0; bin < shares.length; bin++) {
    if (shares[bin] > threshold) sum += shares[bin];
    else shares[bin] = 0;
  }
  if (sum === 0) return false;
  for (let bin = 0; bin < shares.length; bin++) shares[bin] /= sum;
  return true;
}
