/** Integers from tables: what a number must be, and where one is that is not. */
import { describeRow } from '@hep/datasets';
import type { RowOrigin } from '@hep/datasets';
import { UserError } from '@hep/options';

/** Columns of a file by name, with their places from 0. */
export type ColumnPlaces = ReadonlyMap<string, number>;

/** What the numbers of a column must be, and where they came from. */
export interface IntegerColumn {
  readonly name: string;
  /** Largest number; the smallest is 0. */
  readonly largest: number;
  /** What to do about a larger one. */
  readonly advice?: string;
}

/** Where the rows of a block came from. */
export interface BlockOrigin {
  readonly origin: RowOrigin;
  readonly places: ColumnPlaces;
  /** Number of the block's first crossing. */
  readonly firstCrossing: number;
}

/**
 * Integers of every column in rows, [rows, columns].
 * @param valueAt number of a column in a row
 * @throws UserError naming file, line, crossing and column of a number that is no integer from 0 to the largest
 */
export function integerRows<T extends Int32Array | Uint32Array>(
  target: T,
  columns: readonly IntegerColumn[],
  valueAt: (column: number, row: number) => number,
  block: BlockOrigin,
): T {
  const width = columns.length;
  const largest = columns.map((column) => column.largest);
  for (let i = 0; i < target.length; i++) {
    const row = Math.floor(i / width);
    const value = valueAt(i % width, row);
    if (!(value >= 0 && value <= largest[i % width]) || !Number.isInteger(value)) {
      throw notAnInteger(value, columns[i % width], row, block);
    }
    target[i] = value;
  }
  return target;
}

function notAnInteger(
  value: number,
  { name, largest, advice = 'correct the line or remove it' }: IntegerColumn,
  row: number,
  { origin, places, firstCrossing }: BlockOrigin,
): UserError {
  const place = `column ${(places.get(name) ?? 0) + 1} (${name})`;
  const got = Number.isNaN(value) ? 'nothing' : String(value);
  return new UserError(
    `${describeRow(origin, row)} (crossing ${firstCrossing + row}), ${place}: got ${got}, ` +
      `expected an integer from 0 to ${largest}; ${value > largest ? advice : 'correct the line or remove it'}`,
  );
}
