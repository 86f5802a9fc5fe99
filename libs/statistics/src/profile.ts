/** Profile of one quantity in bins of another. */
import { binCentres, binIndices } from './histogram.ts';
import type { Binning } from './histogram.ts';
import { quantiles } from './quantiles.ts';

/** Median per bin with the distances to the 0.16 and 0.84 quantiles; all arrays [bins], empty bins hold 0. */
export interface Profile {
  readonly centres: Float64Array;
  readonly median: Float64Array;
  /** Median less the 0.16 quantile. */
  readonly lowerError: Float64Array;
  /** 0.84 quantile less the median. */
  readonly upperError: Float64Array;
  /** Number of values. */
  readonly counts: Int32Array;
}

/**
 * Median of `y` in bins of `x`; pairs with x outside the range are ignored.
 * @throws RangeError as `binEdges`, and when x and y differ in length
 */
export function profile(x: ArrayLike<number>, y: ArrayLike<number>, binning: Binning): Profile {
  if (x.length !== y.length)
    throw new RangeError(`profile of ${y.length} y values over ${x.length} x values; expected as many`);
  const members: number[][] = Array.from({ length: binning.bins }, () => []);
  binIndices(x, binning).forEach((bin, i) => {
    if (bin >= 0) members[bin].push(y[i]);
  });
  const statistics = members.map((values) =>
    values.length > 0 ? quantiles(values, [0.16, 0.5, 0.84]) : [0, 0, 0],
  );
  return {
    centres: binCentres(binning),
    median: Float64Array.from(statistics, ([, middle]) => middle),
    lowerError: Float64Array.from(statistics, ([low, middle]) => middle - low),
    upperError: Float64Array.from(statistics, ([, middle, high]) => high - middle),
    counts: Int32Array.from(members, (values) => values.length),
  };
}
