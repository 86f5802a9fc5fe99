/** Histograms with bins of equal width. */

/** Range of an axis and its number of bins. */
export interface Binning {
  readonly bins: number;
  readonly min: number;
  readonly max: number;
}

/** Contents of the bins; bin k covers edges[k] <= value < edges[k + 1], the last one its right edge too. */
export interface Histogram {
  /** [bins + 1]. */
  readonly edges: Float64Array;
  /** Sum of the weights, or number of values, per bin [bins]. */
  readonly counts: Float64Array;
}

/**
 * Bin edges, [bins + 1].
 * @throws RangeError unless bins is a positive integer and min < max, both finite
 */
export function binEdges({ bins, min, max }: Binning): Float64Array {
  if (!Number.isInteger(bins) || bins < 1)
    throw new RangeError(`${bins} bins: expected an integer of 1 or more`);
  if (!(min < max && Number.isFinite(max - min))) {
    throw new RangeError(`bin range ${min} to ${max}: expected finite limits, the lower first`);
  }
  const edges = Float64Array.from({ length: bins + 1 }, (_, k) => min + k * ((max - min) / bins));
  edges[bins] = max;
  return edges;
}

/** Middle of every bin, [bins]. */
export function binCentres(binning: Binning): Float64Array {
  const edges = binEdges(binning);
  return edges.subarray(1).map((right, k) => (edges[k] + right) / 2);
}

/** Bin of every value, -1 where it lies outside the range or is NaN. */
export function binIndices(values: ArrayLike<number>, binning: Binning): Int32Array {
  const edges = binEdges(binning);
  const { bins, min, max } = binning;
  return Int32Array.from(values, (value) => {
    if (!(value >= min && value <= max)) return -1;
    let bin = Math.min(bins - 1, Math.floor(((value - min) / (max - min)) * bins));
    if (value < edges[bin]) bin--;
    else if (bin < bins - 1 && value >= edges[bin + 1]) bin++;
    return bin;
  });
}

/**
 * Counts values per bin, weighted if `weights` is given; values outside the range are ignored.
 * @throws RangeError as `binEdges`, and when the weights are not as many as the values
 */
export function histogram(
  values: ArrayLike<number>,
  binning: Binning,
  weights?: ArrayLike<number>,
): Histogram {
  if (weights !== undefined && weights.length !== values.length) {
    throw new RangeError(`${weights.length} weights for ${values.length} values; expected as many`);
  }
  const counts = new Float64Array(binning.bins);
  binIndices(values, binning).forEach((bin, i) => {
    if (bin >= 0) counts[bin] += weights?.[i] ?? 1;
  });
  return { edges: binEdges(binning), counts };
}

/**
 * Number of pairs (x, y) per bin of x and y, [bins, bins] with y along the rows; both axes have the same bins, pairs
 * outside the range are ignored.
 * @throws RangeError as `binEdges`, and when there are not as many x as y
 */
export function squareHistogram(x: ArrayLike<number>, y: ArrayLike<number>, binning: Binning): Histogram {
  if (x.length !== y.length) throw new RangeError(`${y.length} y for ${x.length} x; expected as many`);
  const counts = new Float64Array(binning.bins ** 2);
  const columns = binIndices(x, binning);
  binIndices(y, binning).forEach((row, i) => {
    if (row >= 0 && columns[i] >= 0) counts[row * binning.bins + columns[i]]++;
  });
  return { edges: binEdges(binning), counts };
}

/**
 * Smallest range that holds all finite values; a range of width one around them when they are all equal (wider beyond
 * 5e11, where float64 could not tell the edges of bins apart), 0 to 1 without values.
 */
export function autoRange(values: ArrayLike<number>): { min: number; max: number } {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    min = Math.min(min, values[i]);
    max = Math.max(max, values[i]);
  }
  if (min > max) return { min: 0, max: 1 };
  if (min < max) return { min, max };
  const half = Math.max(0.5, Math.abs(min) * 1e-12);
  return { min: min - half, max: max + half };
}
