/** Whether a score is the chance that a track is true. */
import { efficiency } from '@hep/statistics';

/** Bins of the score. */
const BINS = 20;

/** Tracks in bins of their score; arrays [bins with tracks]. */
export interface Calibration {
  /** Mean score of the tracks of a bin. */
  readonly predicted: readonly number[];
  /** Part of them that is true, with the limits of its 68 % interval. */
  readonly observed: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly counts: readonly number[];
  /** Mean distance of the two over all tracks (expected calibration error). */
  readonly error: number;
}

/**
 * Part of true tracks in 20 equal bins of the score, 0 to 1.
 * @param scores from 0 to 1, at least one
 */
export function calibration(scores: ArrayLike<number>, isTrue: ArrayLike<number>): Calibration {
  const rowsOf = Array.from({ length: BINS }, (): number[] => []);
  for (let row = 0; row < scores.length; row++) {
    rowsOf[Math.min(BINS - 1, Math.floor(scores[row] * BINS))].push(row);
  }
  const filled = rowsOf.filter((rows) => rows.length > 0);
  const predicted = filled.map((rows) => rows.reduce((sum, row) => sum + scores[row], 0) / rows.length);
  const parts = filled.map((rows) => efficiency(rows.map((row) => isTrue[row])));
  const counts = filled.map((rows) => rows.length);
  const distance = parts.reduce(
    (sum, { value }, bin) => sum + counts[bin] * Math.abs(value - predicted[bin]),
    0,
  );
  return {
    predicted,
    observed: parts.map(({ value }) => value),
    lower: parts.map(({ lower }) => lower),
    upper: parts.map(({ upper }) => upper),
    counts,
    error: distance / scores.length,
  };
}
