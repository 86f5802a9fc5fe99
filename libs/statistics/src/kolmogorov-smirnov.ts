/** Two-sample Kolmogorov-Smirnov distance of weighted samples. */
import { effectiveEntries } from './efficiency.ts';
import { risingOrder } from './rising-order.ts';

/** Numbers with a weight each; without weights all count the same. */
export interface WeightedSample {
  readonly values: ArrayLike<number>;
  readonly weights?: ArrayLike<number>;
}

/** How far two distributions are apart. */
export interface KolmogorovSmirnov {
  /** Largest difference of the two cumulative distributions, 0 to 1; NaN where a sample has no weight or a NaN. */
  readonly distance: number;
  /** Unweighted samples of this size would know their distribution as well: (sum of w)^2 / (sum of w^2). */
  readonly effectiveCounts: readonly [number, number];
  /** Distance that two samples of one distribution exceed in 5 % of the cases: 1.36 sqrt((n1 + n2) / (n1 n2)). */
  readonly critical: number;
  /** Mean distance of two samples of one distribution: sqrt(pi / 2) ln 2 sqrt((n1 + n2) / (n1 n2)). */
  readonly byChance: number;
}

const CRITICAL_AT_5_PERCENT = 1.36;
/** Mean of Kolmogorov's distribution. */
const MEAN_BY_CHANCE = Math.sqrt(Math.PI / 2) * Math.LN2;

/**
 * Largest difference of the cumulative distributions of two samples, each normalised to 1, over the points of both;
 * equal values count together.
 * @throws RangeError when a sample has not one weight for each value
 */
export function weightedKolmogorovSmirnov(first: WeightedSample, second: WeightedSample): KolmogorovSmirnov {
  const [one, two] = [cumulative(first), cumulative(second)];
  const [n1, n2] = [one.effectiveCount, two.effectiveCount];
  return {
    distance: largestDifference(one, two),
    effectiveCounts: [n1, n2],
    critical: CRITICAL_AT_5_PERCENT * Math.sqrt((n1 + n2) / (n1 * n2)),
    byChance: MEAN_BY_CHANCE * Math.sqrt((n1 + n2) / (n1 * n2)),
  };
}

/**
 * Probability that two samples of one distribution are at least this far apart, in the limit of large samples
 * (Kolmogorov's distribution): 0.05 at `critical`, 1 at distance 0. NaN for a distance or counts that are none.
 */
export function kolmogorovProbability({
  distance,
  effectiveCounts: [n1, n2],
}: Pick<KolmogorovSmirnov, 'distance' | 'effectiveCounts'>): number {
  const scaled = distance * Math.sqrt((n1 * n2) / (n1 + n2));
  if (Number.isNaN(scaled)) return NaN;
  // Below this the sum is 1 to 15 digits but converges slowly.
  if (scaled < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * (k * scaled) ** 2);
  return Math.min(1, Math.max(0, sum));
}

interface Cumulative {
  /** Rising. */
  readonly values: Float64Array;
  /** Sum of the weights up to each value and of all of them. */
  readonly sums: Float64Array;
  readonly total: number;
  readonly effectiveCount: number;
}

function cumulative({ values, weights }: WeightedSample): Cumulative {
  const count = values.length;
  if (weights !== undefined && weights.length !== count) {
    throw new RangeError(`${count} values with ${weights.length} weights, expected one for each`);
  }
  const order = risingOrder(values);
  const [sums, sorted] = [new Float64Array(count), new Float64Array(count)];
  let total = 0;
  for (let position = 0; position < count; position++) {
    const index = order[position];
    total += weights?.[index] ?? 1;
    sums[position] = total;
    sorted[position] = values[index];
  }
  return { values: sorted, sums, total, effectiveCount: weights ? effectiveEntries(weights) : count };
}

function largestDifference(one: Cumulative, two: Cumulative): number {
  if (!isUsable(one) || !isUsable(two)) return NaN;
  let [i, j, largest] = [0, 0, 0];
  while (i < one.values.length || j < two.values.length) {
    const point = Math.min(one.values[i] ?? Infinity, two.values[j] ?? Infinity);
    while (one.values[i] <= point) i++;
    while (two.values[j] <= point) j++;
    largest = Math.max(largest, Math.abs(shareBefore(one, i) - shareBefore(two, j)));
  }
  return largest;
}

function isUsable({ values, total }: Cumulative): boolean {
  return total > 0 && !values.some(Number.isNaN);
}

/** Part of the weight of the first `count` values. */
function shareBefore({ sums, total }: Cumulative, count: number): number {
  return count === 0 ? 0 : sums[count - 1] / total;
}
