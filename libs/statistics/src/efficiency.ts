/** Efficiencies of weighted entries with their statistical uncertainty. */
import { requireWeights } from './require-numbers.ts';

/** A fraction of a sum of weights. */
export interface Efficiency {
  /** NaN without entries. */
  readonly value: number;
  /** Limits of the 68.3 % confidence interval, within 0 and 1. */
  readonly lower: number;
  readonly upper: number;
  /** Entries of weight 1 with the same relative uncertainty. */
  readonly effectiveEntries: number;
}

/** `(sum w)^2 / sum w^2`: as many entries of weight 1 have the same relative uncertainty. 0 without weights. */
export function effectiveEntries(weights: ArrayLike<number>): number {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < weights.length; i++) {
    sum += weights[i];
    squares += weights[i] ** 2;
  }
  return squares === 0 ? 0 : sum ** 2 / squares;
}

/**
 * Weighted fraction of the values at or above a threshold.
 * @throws RangeError when there are not as many finite weights as values
 */
export function efficiencyAbove(
  values: ArrayLike<number>,
  threshold: number,
  weights?: ArrayLike<number>,
): Efficiency {
  const passes = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) if (values[i] >= threshold) passes[i] = 1;
  return efficiency(passes, weights);
}

/**
 * Weighted fraction of the entries that pass (not 0), with Wilson's interval for the effective number of entries; it
 * has a width at 0 and 1, too (E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209).
 * @throws RangeError when there are not as many finite weights as entries
 */
export function efficiency(passes: ArrayLike<number>, weights?: ArrayLike<number>): Efficiency {
  requireWeights(weights, passes.length);
  let passing = 0;
  let total = 0;
  for (let i = 0; i < passes.length; i++) {
    const weight = weights?.[i] ?? 1;
    total += weight;
    if (passes[i] !== 0) passing += weight;
  }
  const entries = weights === undefined ? passes.length : effectiveEntries(weights);
  const value = passing / total;
  return efficiencyOf(value, entries);
}

/** The same for so many entries of weight 1, of which a part passes. */
export function efficiencyOf(part: number, entries: number): Efficiency {
  return { value: part, ...wilsonInterval(part, entries), effectiveEntries: entries };
}

function wilsonInterval(value: number, entries: number): { lower: number; upper: number } {
  // Negative weights may leave 0 to 1, where no variance is defined.
  const fraction = clamped(value);
  const widening = 1 + 1 / entries;
  const centre = (fraction + 1 / (2 * entries)) / widening;
  const half = Math.sqrt((fraction * (1 - fraction)) / entries + 1 / (4 * entries ** 2)) / widening;
  // At 0 and 1 an end of the interval is the value itself, but for rounding.
  return {
    lower: clamped(Math.min(fraction, centre - half)),
    upper: clamped(Math.max(fraction, centre + half)),
  };
}

function clamped(value: number): number {
  return Math.min(1, Math.max(0, value));
}
