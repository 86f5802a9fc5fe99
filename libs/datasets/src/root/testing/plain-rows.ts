/** Columns as nested arrays, to compare them with JSON. */
import type { Column } from '../../columns/column.ts';

/** One value in each row: a number, a text or an array of such. 64-bit integers become numbers. */
export type Plain = number | string | Plain[];

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
