/** Columns as nested arrays, to compare them with JSON. */
import type { Column, RowRange } from '../../columns/column.ts';
import { openRootFile } from '../open-root-file.ts';

/** One value in each row: a number, a text or an array of such. 64-bit integers become numbers. */
export type Plain = number | string | Plain[];

/** The rows of a column. */
export function plainRows(column: Column): Plain[] {
  switch (column.kind) {
    case 'text':
      return [...column.values];
    case 'flat':
      return Array.from(column.values as ArrayLike<number | bigint>, Number);
    case 'fixed': {
      const values = Array.from(column.values as ArrayLike<number | bigint>, Number);
      const rows = values.length / column.width;
      return Array.from({ length: rows }, (_, row) =>
        values.slice(row * column.width, (row + 1) * column.width),
      );
    }
    case 'jagged': {
      const content = plainRows(column.content);
      return Array.from(column.offsets.subarray(1), (end, row) => content.slice(column.offsets[row], end));
    }
  }
}

/** Some columns of a file by name; all rows without a range. */
export async function readPlain(
  path: string,
  names: readonly string[],
  range?: RowRange,
  tree?: string,
): Promise<Record<string, Plain[]>> {
  const file = await openRootFile(path, { tree });
  const { columns } = await file.read(names, range).finally(() => file.close());
  return Object.fromEntries([...columns].map(([name, column]) => [name, plainRows(column)]));
}

/** As JSON has them, which knows no negative zero. */
export function asJson<T>(rows: T): T {
  return JSON.parse(JSON.stringify(rows)) as T;
}
