import { UserError } from '@hep/options/user-error';
import type { ColumnTable, Numbers } from './column.ts';
import { requireColumns } from './require-columns.ts';

/** Numbers that plain arithmetic takes. */
export type PlainNumbers = Exclude<Numbers, BigInt64Array | BigUint64Array>;

/**
 * The numbers of a column with one in each row; 64-bit integers as float64 (exact to 2^53), others as they are stored.
 * @param source names the table in errors
 * @throws UserError when the column is missing or holds something else
 */
export function flatNumbers({ columns }: ColumnTable, name: string, source: string): PlainNumbers {
  if (!columns.has(name)) requireColumns(source, columns.keys(), [name]);
  const column = columns.get(name)!;
  if (column.kind !== 'flat') {
    throw new UserError(
      `${source}: column ${name} holds ${column.kind} values, expected a number in each row`,
    );
  }
  return plainNumbers(column.values);
}

/** 64-bit integers as float64 (exact to 2^53), other numbers as they are. */
export function plainNumbers(values: Numbers): PlainNumbers {
  const isBig = values instanceof BigInt64Array || values instanceof BigUint64Array;
  return isBig ? Float64Array.from(values as BigInt64Array, Number) : values;
}
