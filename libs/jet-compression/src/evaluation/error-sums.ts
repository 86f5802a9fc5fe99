/** Errors of jets that are compared piece by piece, in constant memory. */
import { columnOf } from '../variables/normalisation.ts';
import type { Jets, Normalisation } from '../variables/normalisation.ts';
import { difference } from '../variables/transform.ts';
import { normalisedError } from './errors.ts';

/** Means over all jets so far. */
export interface ErrorMeans {
  readonly jets: number;
  readonly mse: number;
  readonly variables: readonly {
    readonly name: string;
    readonly mse: number;
    /** Root of the mean squared difference in the variable's unit. */
    readonly rms: number;
    /** Mean size of the relative difference of variables that have a logarithm; null for the others. */
    readonly meanRelative: number | null;
  }[];
}

/** Adds up errors. */
export class ErrorSums {
  private jets = 0;
  private readonly sums: { normalised: number; squares: number; relative: number }[];

  constructor(private readonly metric: Normalisation) {
    this.sums = metric.map(() => ({ normalised: 0, squares: 0, relative: 0 }));
  }

  add(before: Jets, after: Jets): void {
    this.jets += before.rows;
    this.metric.forEach((transform, i) => {
      const [original, restored] = [columnOf(before, transform.name), columnOf(after, transform.name)];
      const sum = this.sums[i];
      for (let row = 0; row < before.rows; row++) {
        const residual = difference(transform, original[row], restored[row]);
        sum.normalised += normalisedError(transform, original[row], restored[row]) ** 2;
        sum.squares += residual ** 2;
        sum.relative += Math.abs(residual / original[row]);
      }
    });
  }

  means(): ErrorMeans {
    const { jets } = this;
    const variables = this.metric.map(({ name, curve }, i) => {
      const { normalised, squares, relative } = this.sums[i];
      const meanRelative = curve === 'log10' && Number.isFinite(relative) ? relative / jets : null;
      return { name, mse: normalised / jets, rms: Math.sqrt(squares / jets), meanRelative };
    });
    return { jets, mse: variables.reduce((sum, { mse }) => sum + mse, 0) / variables.length, variables };
  }
}
