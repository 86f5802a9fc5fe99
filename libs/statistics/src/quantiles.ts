/** Order statistics. Values are any array of numbers; none is changed. */

/**
 * Quantiles with linear interpolation between order statistics (NumPy's default), in the order of `probabilities`.
 * NaN for every quantile when there are no values or one of them is NaN.
 * @throws RangeError for a probability outside 0..1
 */
export function quantiles(values: ArrayLike<number>, probabilities: readonly number[]): Float64Array {
  const sorted = Float64Array.from(values).sort();
  const invalid = sorted.length === 0 || Number.isNaN(sorted[sorted.length - 1]);
  return Float64Array.from(probabilities, (p) => {
    if (!(p >= 0 && p <= 1)) throw new RangeError(`probability ${p}: expected 0 to 1`);
    return invalid ? NaN : sortedQuantile(sorted, p);
  });
}

/** Half of the values lie below it; see `quantiles`. */
export function median(values: ArrayLike<number>): number {
  return quantiles(values, [0.5])[0];
}

/**
 * Effective RMS: half the width of the shortest interval that holds at least `fraction` of the values; NaN without
 * values. For a normal distribution about 0.99 of the standard deviation, but blind to tails.
 * @throws RangeError for a fraction outside 0..1
 */
export function effectiveRms(values: ArrayLike<number>, fraction = 0.68): number {
  if (!(fraction > 0 && fraction <= 1)) throw new RangeError(`fraction ${fraction}: expected 0 to 1`);
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0 || Number.isNaN(sorted[sorted.length - 1])) return NaN;
  const needed = Math.ceil(fraction * sorted.length - 1e-9); // the product may round above a whole number
  const steps = needed - 1;
  let width = Infinity;
  for (let first = 0; first + steps < sorted.length; first++) {
    width = Math.min(width, sorted[first + steps] - sorted[first]);
  }
  return width / 2;
}

/** Rounded as NumPy does: from the nearer of the two order statistics. */
function sortedQuantile(sorted: Float64Array, p: number): number {
  const position = p * (sorted.length - 1);
  const below = Math.floor(position);
  const t = position - below;
  const low = sorted[below];
  const high = sorted[Math.min(below + 1, sorted.length - 1)];
  if (low === high) return low;
  return t < 0.5 ? low + (high - low) * t : high - (high - low) * (1 - t);
}
