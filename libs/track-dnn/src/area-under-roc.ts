const EPSILON = 1e-7;

/**
 * Area under the curve of true against false positive rate, at equally spaced thresholds and by trapezoids: Keras'
 * metric `AUC`. NaN-free: a class without entries has rate 0.
 * @param scores in [0, 1]
 * @param labels true when above 0.5
 * @param thresholds number of thresholds, the one below 0 and the one above 1 included
 */
export function areaUnderRoc(scores: ArrayLike<number>, labels: ArrayLike<number>, thresholds = 200): number {
  const edges = Float32Array.from({ length: thresholds }, (_, i) =>
    i === 0 ? -EPSILON : i === thresholds - 1 ? 1 + EPSILON : i / (thresholds - 1),
  );
  const passing = { true: new Float64Array(thresholds + 1), false: new Float64Array(thresholds + 1) };
  for (let i = 0; i < scores.length; i++) {
    passing[labels[i] > 0.5 ? 'true' : 'false'][edgesBelow(edges, scores[i])]++;
  }
  const rates = [passing.true, passing.false].map(efficiencies);
  let area = 0;
  for (let i = 0; i < thresholds - 1; i++) {
    area += ((rates[0][i] + rates[0][i + 1]) / 2) * (rates[1][i] - rates[1][i + 1]);
  }
  return area;
}

/** How many thresholds a score exceeds. */
function edgesBelow(edges: Float32Array, score: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle] < score) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Fraction of entries above each threshold, from the numbers of entries by how many thresholds they exceed. */
function efficiencies(counts: Float64Array): Float64Array {
  const rates = new Float64Array(counts.length - 1);
  let above = 0;
  for (let i = rates.length - 1; i >= 0; i--) {
    above += counts[i + 1];
    rates[i] = above;
  }
  const total = above + counts[0];
  return total === 0 ? rates : rates.map((count) => count / total);
}
