/** All variables of a jet together. */
import { UserError } from '@hep/options';
import { domainText, forward, inverse } from './transform.ts';
import type { VariableTransform } from './transform.ts';

/** The variables that describe a jet, in order, with their maps. */
export type Normalisation = readonly VariableTransform[];

/** Jets in physical units: one column for each variable. */
export interface Jets {
  readonly rows: number;
  /** [rows] by variable name. */
  readonly columns: ReadonlyMap<string, Float64Array>;
}

/** The column of a variable. @throws Error when there is none */
export function columnOf({ columns }: Jets, name: string): Float64Array {
  const values = columns.get(name);
  if (values === undefined)
    throw new Error(`jets have no variable ${name}: ${[...columns.keys()].join(', ')}`);
  return values;
}

/**
 * Normalised variables of all jets, [rows, variables].
 * @throws Error with row and variable for a value outside of its domain; see `firstInvalid`
 */
export function normaliseJets(normalisation: Normalisation, jets: Jets): Float32Array<ArrayBuffer> {
  const width = normalisation.length;
  const matrix = new Float32Array(jets.rows * width);
  normalisation.forEach((transform, column) => {
    const values = columnOf(jets, transform.name);
    for (let row = 0; row < jets.rows; row++) matrix[row * width + column] = forward(transform, values[row]);
  });
  return matrix;
}

/** Inverse of `normaliseJets`. @param matrix [rows, variables] */
export function restoreJets(normalisation: Normalisation, matrix: ArrayLike<number>): Jets {
  const width = normalisation.length;
  const rows = matrix.length / width;
  const columns = normalisation.map((transform, column): [string, Float64Array] => {
    const values = new Float64Array(rows);
    for (let row = 0; row < rows; row++) values[row] = inverse(transform, matrix[row * width + column]);
    return [transform.name, values];
  });
  return { rows, columns: new Map(columns) };
}

/** A value that cannot be normalised. */
export interface InvalidValue {
  readonly row: number;
  readonly variable: string;
  readonly value: number;
  /** The values that can. */
  readonly expected: string;
}

/** Rows with a value that is not finite or outside of its domain, and the first such value of each. */
export function invalidValues(normalisation: Normalisation, jets: Jets): InvalidValue[] {
  const columns = normalisation.map((transform) => ({ transform, values: columnOf(jets, transform.name) }));
  const found: InvalidValue[] = [];
  for (let row = 0; row < jets.rows; row++) {
    const wrong = columns.find(({ transform, values }) => !Number.isFinite(forward(transform, values[row])));
    if (wrong === undefined) continue;
    const { transform, values } = wrong;
    found.push({ row, variable: transform.name, value: values[row], expected: domainText(transform) });
  }
  return found;
}

/**
 * What turns errors in the units of one normalisation into those of another one: their ratio where the curves are the
 * same, 1 where they are not.
 */
export function errorFactors(from: Normalisation, to: Normalisation): number[] {
  return from.map(({ curve, scale }, i) => (curve === to[i].curve ? scale / to[i].scale : 1));
}

/** Jets of some rows, in their order. */
export function selectJets(jets: Jets, rows: ArrayLike<number>): Jets {
  const pick = (values: Float64Array) =>
    Float64Array.from({ length: rows.length }, (_, i) => values[rows[i]]);
  const columns = [...jets.columns].map(([name, values]): [string, Float64Array] => [name, pick(values)]);
  return { rows: rows.length, columns: new Map(columns) };
}

/**
 * Reads back what `JSON.stringify` wrote of a normalisation.
 * @param where for messages, such as a path
 * @throws UserError when it is none
 */
export function parseNormalisation(value: unknown, where: string): Normalisation {
  const isTransform = (entry: unknown): entry is VariableTransform => {
    const { name, curve, offset, sign, shift, scale, period } = (entry ?? {}) as Partial<VariableTransform>;
    return (
      typeof name === 'string' &&
      (curve === 'linear' || curve === 'log10') &&
      [offset, shift, scale, period ?? 1].every((number) => Number.isFinite(number)) &&
      scale !== 0 &&
      (sign === 1 || sign === -1)
    );
  };
  if (Array.isArray(value) && value.length > 0 && value.every(isTransform)) return value;
  throw new UserError(
    `${where}: expected a list of variables with name, curve, offset, sign, shift and scale`,
  );
}
