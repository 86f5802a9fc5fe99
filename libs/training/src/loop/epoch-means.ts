import { sumOfTallies } from '@hep/engine/tallies';
import type { Tallies, TrainResult } from '@hep/engine';
import type { LoopState } from '../checkpoints/loop-state.ts';

/** A number that is NaN or infinite. */
export interface BadOutput {
  readonly name: string;
  readonly value: number;
  /** Counted from the first batch of the stretch. */
  readonly batch: number;
}

/** The first batch of a stretch with an output that is not finite. */
export function firstBadOutput({ outputs, rows }: TrainResult): BadOutput | null {
  for (let batch = 0; batch < rows.length; batch++) {
    for (const [name, values] of Object.entries(outputs)) {
      if (!Number.isFinite(values[batch])) return { name, value: values[batch], batch };
    }
  }
  return null;
}

/** Adds a stretch to the running sums of the epoch, batch by batch, so that the cut into stretches leaves no trace. */
export function addStretch(loop: LoopState, { outputs, rows, tallies }: TrainResult): void {
  for (const [name, values] of Object.entries(outputs)) {
    let sum = loop.sums[name] ?? 0;
    for (let batch = 0; batch < rows.length; batch++) sum += values[batch] * rows[batch];
    loop.sums[name] = sum;
  }
  for (const count of rows) loop.rowsDone += count;
  if (Object.keys(tallies).length > 0) loop.tallies = plain(sumOfTallies([talliesOf(loop), tallies]));
}

/** Means over the rows of the epoch so far. */
export function epochMeans({ sums, rowsDone }: LoopState): Record<string, number> {
  return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / rowsDone]));
}

/** Tallies of the epoch so far. */
export function talliesOf({ tallies = {} }: LoopState): Tallies {
  return Object.fromEntries(Object.entries(tallies).map(([name, sums]) => [name, Float64Array.from(sums)]));
}

/** Numbers that a checkpoint can hold. */
function plain(tallies: Tallies): NonNullable<LoopState['tallies']> {
  return Object.fromEntries(Object.entries(tallies).map(([name, sums]) => [name, [...sums]]));
}
