/** Columns of `history.csv`. */
import type { EpochRow } from '@hep/training';
import type { Output } from '@hep/calratio-training';

/** Kolmogorov-Smirnov distance of an output, sum over the bins of transverse momentum. */
export function ksColumn(output: Output): string {
  return `val_ks_${output}`;
}

/** A column over the epochs; NaN where an epoch lacks it. */
export function valuesOf(history: readonly EpochRow[], column: string): number[] {
  return history.map(({ values }) => values[column] ?? NaN);
}
