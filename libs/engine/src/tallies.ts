/** Sums of results that are no scalars. */
import type { Tallies } from './trainer.ts';

/** Sums under construction. */
export type RunningTallies = Record<string, Float64Array>;

/** Adds numbers to the tally of a name, element by element. */
export function addTally(tallies: RunningTallies, name: string, numbers: ArrayLike<number>): void {
  const sums = (tallies[name] ??= new Float64Array(numbers.length));
  for (let i = 0; i < sums.length; i++) sums[i] += numbers[i]!;
}

/** Sum of the tallies of parts, such as replicas or stretches of batches. */
export function sumOfTallies(parts: readonly Tallies[]): Tallies {
  const sums: RunningTallies = {};
  for (const part of parts) {
    for (const [name, numbers] of Object.entries(part)) addTally(sums, name, numbers);
  }
  return sums;
}
