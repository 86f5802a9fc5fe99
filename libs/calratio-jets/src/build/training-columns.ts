/** Columns of a training file as they are built: read from any type, written in one. */
import type { Column, Numbers } from '@hep/datasets/columns';
import { UserError } from '@hep/options';
import { TRAINING_COLUMNS } from '../jet-columns.ts';
import { JET_SAMPLES } from '../loading/jet-samples.ts';

const INTEGERS: Readonly<Record<string, string>> = {
  label: 'int32',
  eventNumber: 'uint64',
  runNumber: 'uint32',
};
/** Times and qualities of fits are float32 in ntuples already. */
const SINGLE = /_(time|chiSquared|t0)_\d+$/;

/** Types by name of the columns of a training file, without those that are removed. */
export function trainingTypes(removed: readonly string[]): Map<string, string> {
  return new Map(
    TRAINING_COLUMNS.filter((name) => !removed.includes(name)).map((name) => [name, trainingType(name)]),
  );
}

function trainingType(name: string): string {
  return INTEGERS[name] ?? (SINGLE.test(name) ? 'float32' : 'float64');
}

/** Chosen rows of a stretch of a file. */
export interface ChosenRows {
  readonly path: string;
  /** Row of the file at which the stretch begins. */
  readonly first: number;
  /** Rows of the stretch, rising. */
  readonly rows: Int32Array;
}

/**
 * Values of the chosen rows: float64, for integer columns their own type.
 * @throws UserError with file, row and column for a text, an unknown label or a number that no event has
 */
export function chosenValues(name: string, column: Column, { path, first, rows }: ChosenRows): Numbers {
  if (column.kind !== 'flat') {
    throw new UserError(`${path}: column ${name} holds no single numbers, expected one number a row`);
  }
  const { values } = column;
  if (!Object.hasOwn(INTEGERS, name)) return Float64Array.from(rows, (row) => Number(values[row]));
  const wrong = (row: number, expected: string) =>
    new UserError(`${path} row ${first + row}, column ${name}: got ${values[row]}, expected ${expected}`);
  if (name === 'label') {
    return Int32Array.from(rows, (row) => {
      const label = Number(values[row]);
      if (Object.hasOwn(JET_SAMPLES.main.labels, label)) return label;
      throw wrong(row, '0 (QCD), 1 (signal) or 2 (BIB)');
    });
  }
  const limit = name === 'eventNumber' ? 2n ** 64n : 2n ** 32n;
  const integer = (row: number): bigint => {
    const value = values[row];
    if (typeof value === 'bigint' || Number.isInteger(value)) {
      const whole = BigInt(value);
      if (whole >= 0n && whole < limit) return whole;
    }
    throw wrong(row, `a whole number from 0 to ${limit - 1n}`);
  };
  if (name === 'runNumber') return Uint32Array.from(rows, (row) => Number(integer(row)));
  const numbers = new BigUint64Array(rows.length);
  rows.forEach((row, i) => (numbers[i] = integer(row)));
  return numbers;
}

/** Numbers in the type of their column. */
export function asTrainingType(name: string, values: Numbers): Numbers {
  return SINGLE.test(name) ? Float32Array.from(values as Float64Array) : values;
}
