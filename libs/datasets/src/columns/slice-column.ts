import type { Column, ColumnTable, Numbers } from './column.ts';

/** Rows [first, end) of a column; numbers are views, not copies. */
export function sliceColumn(column: Column, first: number, end: number): Column {
  switch (column.kind) {
    case 'text':
      return { kind: 'text', values: column.values.slice(first, end) };
    case 'flat':
      return { kind: 'flat', values: column.values.subarray(first, end) as Numbers };
    case 'fixed': {
      const { width, values } = column;
      return { kind: 'fixed', width, values: values.subarray(first * width, end * width) as Numbers };
    }
    case 'jagged': {
      const { offsets, content } = column;
      const [start, stop] = [offsets[first], offsets[end]];
      return {
        kind: 'jagged',
        offsets: offsets.slice(first, end + 1).map((offset) => offset - start),
        content: sliceColumn(content, start, stop),
      };
    }
  }
}

/** Rows [first, end) of a table; numbers are views, not copies. */
export function sliceTable({ columns }: ColumnTable, first: number, end: number): ColumnTable {
  const rows = [...columns].map(([name, column]) => [name, sliceColumn(column, first, end)] as const);
  return { rows: end - first, columns: new Map(rows) };
}
