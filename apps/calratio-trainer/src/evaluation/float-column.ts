import type { ColumnTable } from '@hep/datasets/columns';
import { UserError } from '@hep/options';

/**
 * A column as float64, [rows]; whole numbers beyond 2^53 are rounded.
 * @param path of the file, for messages
 * @throws UserError when the table lacks it or it holds lists or texts
 */
export function floatColumn({ columns }: ColumnTable, name: string, path: string): Float64Array {
  const column = columns.get(name);
  if (column?.kind !== 'flat') {
    const what = column === undefined ? 'is missing' : 'holds no single numbers';
    throw new UserError(`${path}: column ${name} ${what}, expected one number a row`);
  }
  return Float64Array.from(column.values as ArrayLike<number>, Number);
}
