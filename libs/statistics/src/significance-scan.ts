/** Signal over the fluctuation of the background, cut by cut. */
import type { WeightedSample } from './kolmogorov-smirnov.ts';
import { requireFinite, requireWeights } from './require-numbers.ts';
import { trapezoidArea } from './roc.ts';

/** A scan over cuts `score > threshold`; all arrays [cuts]. */
export interface SignificanceScan {
  /** Rising. */
  readonly thresholds: Float64Array;
  /** Sum of the signal's weights above the cut over the root of the background's. */
  readonly significance: Float64Array;
  /** Integral of the significance over the thresholds; 0 with less than two cuts. */
  readonly area: number;
  /** Largest significance and its cut; NaN when no cut leaves enough background. */
  readonly best: { readonly threshold: number; readonly significance: number };
}

/**
 * S / sqrt(B) at rising cuts. The scan ends before the first cut that leaves `leastBackground` or less, where the root
 * of B is no longer a fluctuation.
 * @throws RangeError when a score or weight is not finite
 */
export function significanceScan(
  signal: WeightedSample,
  background: WeightedSample,
  thresholds: ArrayLike<number>,
  leastBackground = 10,
): SignificanceScan {
  const cuts = Float64Array.from(thresholds).sort();
  const kept = sumsAbove(signal, cuts);
  const passing = sumsAbove(background, cuts);
  const end = passing.findIndex((sum) => sum <= leastBackground);
  const used = cuts.subarray(0, end < 0 ? cuts.length : end);
  const significance = Float64Array.from(used, (_, k) => kept[k] / Math.sqrt(passing[k]));
  const best = significance.indexOf(
    significance.reduce((largest, value) => Math.max(largest, value), -Infinity),
  );
  return {
    thresholds: used,
    significance,
    area: trapezoidArea(used, significance),
    best: { threshold: used[best] ?? NaN, significance: significance[best] ?? NaN },
  };
}

/** Sum of the weights above each of the rising cuts. */
function sumsAbove({ values, weights }: WeightedSample, cuts: Float64Array): Float64Array {
  requireFinite(values, 'score');
  requireWeights(weights, values.length);
  const sums = new Float64Array(cuts.length);
  for (let i = 0; i < values.length; i++) {
    const passed = countBelow(cuts, values[i]);
    if (passed > 0) sums[passed - 1] += weights?.[i] ?? 1;
  }
  for (let k = cuts.length - 2; k >= 0; k--) sums[k] += sums[k + 1];
  return sums;
}

/** How many of the rising cuts are below the value. */
function countBelow(cuts: Float64Array, value: number): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cuts[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
