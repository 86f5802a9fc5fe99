/** What compression did to jets, variable by variable. */
import { correlationMatrix, effectiveRms, mean, median, quantiles, standardDeviation } from '@hep/statistics';
import { difference, forward } from '../variables/transform.ts';
import type { VariableTransform } from '../variables/transform.ts';
import { columnOf } from '../variables/normalisation.ts';
import type { Jets, Normalisation } from '../variables/normalisation.ts';

/** Location and widths of a distribution. */
export interface Spread {
  readonly mean: number;
  /** Standard error of the mean. */
  readonly meanError: number;
  readonly median: number;
  /** Population standard deviation, tails included. */
  readonly deviation: number;
  /** Half of the distance between the 16 % and 84 % quantiles. */
  readonly half68: number;
  /** Half of the shortest interval with 68 % of the values. */
  readonly effectiveRms: number;
}

/** Errors of one variable. */
export interface VariableErrors {
  readonly name: string;
  /** Mean square of the error in normalised units; of angles the smaller difference counts. */
  readonly mse: number;
  /** after - before in the variable's unit, [jets]; of angles wrapped. */
  readonly residuals: Float64Array;
  /** residual / before, [jets]; not finite where before is 0. */
  readonly relative: Float64Array;
  readonly residual: Spread;
  readonly relativeResidual: Spread;
}

/** Errors of all variables. */
export interface CompressionErrors {
  readonly jets: number;
  /** Mean over jets and variables of the squared error in normalised units. */
  readonly mse: number;
  readonly variables: readonly VariableErrors[];
  /** Pearson's correlation of the relative residuals, [variables, variables]. */
  readonly residualCorrelation: Float64Array;
}

/**
 * Compares jets before and after.
 * @param metric normalisation in whose units the squared errors are told
 */
export function compressionErrors(metric: Normalisation, before: Jets, after: Jets): CompressionErrors {
  const variables = metric.map((transform) => variableErrors(transform, before, after));
  return {
    jets: before.rows,
    mse: mean(variables.map(({ mse }) => mse)),
    variables,
    residualCorrelation: correlationMatrix(variables.map(({ relative }) => relative)),
  };
}

function variableErrors(transform: VariableTransform, before: Jets, after: Jets): VariableErrors {
  const original = columnOf(before, transform.name);
  const restored = columnOf(after, transform.name);
  const residuals = original.map((value, row) => difference(transform, value, restored[row]));
  const relative = residuals.map((residual, row) => residual / original[row]);
  const squares = original.map((value, row) => normalisedError(transform, value, restored[row]) ** 2);
  return {
    name: transform.name,
    mse: mean(squares),
    residuals,
    relative,
    residual: spreadOf(residuals),
    relativeResidual: spreadOf(relative.filter((value) => Number.isFinite(value))),
  };
}

/** Error of one value in normalised units; of periodic variables the smaller difference. */
export function normalisedError(transform: VariableTransform, before: number, after: number): number {
  if (transform.curve === 'linear') return difference(transform, before, after) / transform.scale;
  return forward(transform, after) - forward(transform, before);
}

/** Location and widths; NaN without values. */
export function spreadOf(values: Float64Array): Spread {
  const deviation = standardDeviation(values);
  const [low, high] = quantiles(values, [0.16, 0.84]);
  return {
    mean: mean(values),
    meanError: deviation / Math.sqrt(values.length),
    median: median(values),
    deviation,
    half68: (high - low) / 2,
    effectiveRms: effectiveRms(values),
  };
}

/** Mean over the variables of the squared error of each jet in normalised units, [jets]: how unusual it is. */
export function anomalyScores(metric: Normalisation, before: Jets, after: Jets): Float64Array {
  const scores = new Float64Array(before.rows);
  for (const transform of metric) {
    const original = columnOf(before, transform.name);
    const restored = columnOf(after, transform.name);
    for (let row = 0; row < before.rows; row++) {
      scores[row] += normalisedError(transform, original[row], restored[row]) ** 2 / metric.length;
    }
  }
  return scores;
}
