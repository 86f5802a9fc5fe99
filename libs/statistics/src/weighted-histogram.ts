/** Histograms of weighted entries with errors, in bins of any width. */
import { requireWeights } from './require-numbers.ts';

/** Sums of weights per bin; bin k covers edges[k] <= value < edges[k + 1], the last one its right edge too. */
export interface WeightedHistogram {
  /** [bins + 1], rising. */
  readonly edges: Float64Array;
  /** Sum of the weights, [bins]. */
  readonly contents: Float64Array;
  /** Square root of the sum of squared weights, [bins]. */
  readonly errors: Float64Array;
}

/** One histogram over another, [bins]; NaN where the other is not positive. */
export interface HistogramRatio {
  readonly edges: Float64Array;
  readonly values: Float64Array;
  /** Of the numerator alone, relative to the denominator. */
  readonly errors: Float64Array;
  /** Relative error of the denominator, for a band around 1. */
  readonly band: Float64Array;
}

/**
 * Sums weights per bin; values outside the edges and NaN are ignored.
 * @throws RangeError when the edges do not rise or there are not as many finite weights as values
 */
export function weightedHistogram(
  values: ArrayLike<number>,
  edges: ArrayLike<number>,
  weights?: ArrayLike<number>,
): WeightedHistogram {
  requireWeights(weights, values.length);
  const limits = Float64Array.from(edges);
  if (limits.length < 2 || limits.some((edge, k) => k > 0 && !(edge > limits[k - 1]))) {
    throw new RangeError(`bin edges ${limits.join(', ')}: expected two or more that rise`);
  }
  const contents = new Float64Array(limits.length - 1);
  const squares = new Float64Array(limits.length - 1);
  for (let i = 0; i < values.length; i++) {
    const bin = binOf(limits, values[i]);
    if (bin < 0) continue;
    const weight = weights?.[i] ?? 1;
    contents[bin] += weight;
    squares[bin] += weight ** 2;
  }
  return { edges: limits, contents, errors: squares.map(Math.sqrt) };
}

/** The histogram with contents that sum to 1, or, with `density`, an integral of 1; all 0 when it is empty. */
export function normalised(histogram: WeightedHistogram, { density = false } = {}): WeightedHistogram {
  const { edges, contents, errors } = histogram;
  const sum = contents.reduce((total, content) => total + content, 0);
  const scale = (values: Float64Array) =>
    values.map((value, k) => (sum === 0 ? 0 : value / sum / (density ? edges[k + 1] - edges[k] : 1)));
  return { edges, contents: scale(contents), errors: scale(errors) };
}

/**
 * Ratio of two histograms in the same bins.
 * @throws RangeError when the bins differ
 */
export function histogramRatio(numerator: WeightedHistogram, denominator: WeightedHistogram): HistogramRatio {
  const { edges } = denominator;
  if (edges.length !== numerator.edges.length || edges.some((edge, k) => edge !== numerator.edges[k])) {
    throw new RangeError('ratio of histograms: their bins differ, expected the same edges');
  }
  const over = (values: Float64Array) =>
    values.map((value, k) => (denominator.contents[k] > 0 ? value / denominator.contents[k] : NaN));
  return {
    edges,
    values: over(numerator.contents),
    errors: over(numerator.errors),
    band: over(denominator.errors),
  };
}

function binOf(edges: Float64Array, value: number): number {
  const last = edges.length - 1;
  if (!(value >= edges[0] && value <= edges[last])) return -1;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (edges[middle] <= value) low = middle;
    else high = middle;
  }
  return low;
}
