/** Mean and spread of a score in bins of transverse momentum. */

/** Width of a bin, GeV. */
export const PT_BIN_GEV = 5;
/** Bins, up to 500 GeV. */
export const PT_BINS = 100;

/** Bins with fewer entries tell nothing of the spread. */
const LEAST_ENTRIES = 3;

/** Of one kind of tracks; all arrays [bins]. */
export interface ScoreProfile {
  /** Middle of the bins, GeV. */
  readonly centres: Float64Array;
  readonly counts: Int32Array;
  /** NaN in bins with fewer than three tracks, as is the spread. */
  readonly means: Float64Array;
  /** Standard deviation of the tracks of a bin, their number in the denominator. */
  readonly spreads: Float64Array;
}

/**
 * Profile of scores over pT. A bin holds its upper edge, not its lower one; tracks at 0 or below count in the first
 * bin, those above 500 GeV in none.
 */
export function scoreAgainstPt(ptGeV: ArrayLike<number>, scores: ArrayLike<number>): ScoreProfile {
  const counts = new Int32Array(PT_BINS);
  const sums = new Float64Array(PT_BINS);
  const bins = Int32Array.from(ptGeV, ptBin);
  bins.forEach((bin, i) => {
    if (bin < 0) return;
    counts[bin]++;
    sums[bin] += scores[i];
  });
  const means = sums.map((sum, bin) => (counts[bin] < LEAST_ENTRIES ? NaN : sum / counts[bin]));
  const squares = new Float64Array(PT_BINS);
  bins.forEach((bin, i) => {
    if (bin >= 0) squares[bin] += (scores[i] - means[bin]) ** 2;
  });
  const spreads = squares.map((sum, bin) => Math.sqrt(sum / counts[bin]));
  const centres = Float64Array.from({ length: PT_BINS }, (_, bin) => (bin + 0.5) * PT_BIN_GEV);
  return { centres, counts, means, spreads };
}

/** Bin of a pT, or -1. */
function ptBin(pt: number): number {
  if (!(pt <= PT_BINS * PT_BIN_GEV)) return -1;
  return Math.max(0, Math.ceil(pt / PT_BIN_GEV) - 1);
}
