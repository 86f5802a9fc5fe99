/** Exact earth mover's distance (EMD) between histograms on the same bins. */
import { readShares } from './shares.ts';
import type { Charges } from './shares.ts';
import { TransportSimplex } from './transport-simplex.ts';

/** Distance when the first histogram is empty; tested first. */
export const EMPTY_FIRST = -1;
/** Distance when only the second histogram is empty. */
export const EMPTY_SECOND = -0.5;

/** Settings of a solver. */
export interface EmdOptions {
  /** Shares of a histogram at or below this are dropped and the rest is normalised again; 0 keeps all. */
  readonly threshold?: number;
}

/** Solver with its own memory: one per thread. */
export interface EmdSolver {
  /** Number of bins of a histogram. */
  readonly bins: number;
  /**
   * Distance of the histogram at `x[xOffset..]` to the one at `y[yOffset..]`, each scaled to a sum of one, in the unit
   * of the metric; exact to about 1e-12 of the largest distance. `EMPTY_FIRST` or `EMPTY_SECOND` where nothing is left
   * of a histogram.
   * @throws RangeError for a negative, infinite or NaN charge and for offsets out of range
   */
  emd(x: Charges, y: Charges, xOffset?: number, yOffset?: number): number;
  /**
   * Distance as `emd`, and its gradient by the charges of y, written to `gradient` [bins]: zero along y itself, since
   * only shares matter, and zero altogether where a histogram is empty. Where several optimal plans exist it is one of
   * the subgradients.
   * @throws RangeError as `emd`
   */
  emdGradient(x: Charges, y: Charges, gradient: Float64Array, xOffset?: number, yOffset?: number): number;
  /**
   * Distances row by row of two batches [rows, bins]; written to `out` [rows] if given.
   * @throws RangeError as `emd`, and when the batches differ in size
   */
  emdBatch(x: Charges, y: Charges, out?: Float64Array): Float64Array;
  /**
   * Distances of every row of x [xRows, bins] to every row of y [yRows, bins], as [xRows, yRows].
   * @throws RangeError as `emd`
   */
  emdMatrix(x: Charges, y: Charges, out?: Float64Array): Float64Array;
}

/**
 * Solver for histograms of `bins` bins. With a metric an optimal plan leaves common mass in place (triangle
 * inequality), so only the difference of the normalised histograms is transported.
 * @param metric distances [bins, bins]: symmetric, zero on the diagonal, obeying the triangle inequality
 * @throws RangeError when the metric has another size or is not a metric
 */
export function createEmdSolver(
  metric: Float64Array,
  bins: number,
  { threshold = 0 }: EmdOptions = {},
): EmdSolver {
  checkMetric(metric, bins);
  if (!(threshold >= 0 && threshold < 1))
    throw new RangeError(`threshold ${threshold}; expected 0 <= threshold < 1`);
  const simplex = new TransportSimplex(metric, bins, pairsOf(bins));
  const xShares = new Float64Array(bins);
  const yShares = new Float64Array(bins);

  const emd = (x: Charges, y: Charges, xOffset = 0, yOffset = 0) => {
    const xFilled = readShares('x', x, xOffset, xShares, threshold);
    const yFilled = readShares('y', y, yOffset, yShares, threshold);
    if (!xFilled) return EMPTY_FIRST;
    if (!yFilled) return EMPTY_SECOND;
    for (let bin = 0; bin < bins; bin++) simplex.excess[bin] = xShares[bin] - yShares[bin];
    return simplex.solve();
  };
  return {
    bins,
    emd,
    emdGradient(x, y, gradient, xOffset = 0, yOffset = 0) {
      expectLength('gradient', gradient, bins);
      if (threshold > 0) throw new RangeError(`threshold ${threshold}; expected 0 for gradients`);
      const distance = emd(x, y, xOffset, yOffset);
      if (distance < 0) gradient.fill(0);
      else {
        simplex.potentials(gradient);
        towardsShares(gradient, y, yOffset, yShares);
      }
      return distance;
    },
    emdBatch(x, y, out = new Float64Array(rowsOf(x, bins, 'x'))) {
      const rows = rowsOf(x, bins, 'x');
      expectLength('y', y, x.length);
      expectLength('out', out, rows);
      for (let row = 0; row < rows; row++) out[row] = emd(x, y, row * bins, row * bins);
      return out;
    },
    emdMatrix(x, y, out = new Float64Array(rowsOf(x, bins, 'x') * rowsOf(y, bins, 'y'))) {
      const xRows = rowsOf(x, bins, 'x');
      const yRows = rowsOf(y, bins, 'y');
      expectLength('out', out, xRows * yRows);
      for (let pair = 0; pair < out.length; pair++) {
        const row = Math.floor(pair / yRows);
        out[pair] = emd(x, y, row * bins, (pair - row * yRows) * bins);
      }
      return out;
    },
  };
}

/** Turns the gradient by shares into the gradient by charges: d share_i / d charge_k = (delta_ik - share_i) / sum. */
function towardsShares(gradient: Float64Array, charges: Charges, offset: number, shares: Float64Array): void {
  let sum = 0;
  let mean = 0;
  for (let bin = 0; bin < shares.length; bin++) {
    sum += charges[offset + bin];
    mean += gradient[bin] * shares[bin];
  }
  for (let bin = 0; bin < shares.length; bin++) gradient[bin] = (gradient[bin] - mean) / sum;
}

/** Rows of a batch [rows, bins]. @throws RangeError unless the batch is whole */
export function rowsOf(values: Charges, bins: number, what: string): number {
  if (values.length % bins !== 0)
    throw new RangeError(`${what}: ${values.length} numbers; expected a multiple of ${bins}`);
  return values.length / bins;
}

/** @throws RangeError when `values` has another length */
export function expectLength(what: string, values: Charges, length: number): void {
  if (values.length !== length) throw new RangeError(`${what}: ${values.length} numbers; expected ${length}`);
}

function pairsOf(bins: number): [number, number][] {
  const all = Array.from({ length: bins }, (_, bin) => bin);
  return all.flatMap((a) => all.slice(a + 1).map((b): [number, number] => [a, b]));
}

/** Relative rounding allowed to a metric. */
const ROUNDING = 1e-9;

function checkMetric(metric: Float64Array, bins: number): void {
  expectLength('metric', metric, bins * bins);
  for (let i = 0; i < bins; i++) {
    for (let j = 0; j < bins; j++) {
      const distance = metric[i * bins + j];
      const symmetric = Math.abs(distance - metric[j * bins + i]) <= ROUNDING * distance;
      if (!(distance < Infinity && symmetric && (i !== j || distance === 0))) {
        throw new RangeError(`metric[${i}, ${j}] is ${distance}; expected finite, symmetric, zero for i = j`);
      }
    }
  }
  checkTriangles(metric, bins);
}

/** A plan that leaves common mass in place is only optimal when no way round is shorter. */
function checkTriangles(metric: Float64Array, bins: number): void {
  for (let i = 0; i < bins; i++) {
    for (let k = 0; k < bins; k++) {
      const first = metric[i * bins + k];
      for (let j = 0; j < bins; j++) {
        if (metric[i * bins + j] <= (first + metric[k * bins + j]) * (1 + ROUNDING)) continue;
        throw new RangeError(
          `metric[${i}, ${j}] is longer than the way over ${k}; use createTransportSolver`,
        );
      }
    }
  }
}
