/** What a `HistogramProto` holds. */
export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  /** Right edges. */
  readonly limits: readonly number[];
  readonly counts: readonly number[];
}

/**
 * Buckets of equal width between the extremes, as Keras' TensorBoard callback shows weights; one bucket of width 1
 * around equal values.
 * @param values finite numbers, at least one
 */
export function histogramOf(values: Float32Array, buckets = 30): Histogram {
  let [min, max, sum, sumOfSquares] = [Infinity, -Infinity, 0, 0];
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
    sumOfSquares += value * value;
  }
  const totals = { min, max, count: values.length, sum, sumOfSquares };
  if (min === max) return { ...totals, limits: [max + 0.5], counts: [values.length] };
  const width = (max - min) / buckets;
  const limits = Array.from({ length: buckets }, (_, i) => (i === buckets - 1 ? max : min + (i + 1) * width));
  const counts = new Array<number>(buckets).fill(0);
  for (const value of values) counts[Math.min(buckets - 1, Math.floor((value - min) / width))]++;
  return { ...totals, limits, counts };
}
