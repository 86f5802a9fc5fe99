import type { ColumnFile, ColumnTable } from '@hep/datasets/columns';

/** A table in memory as an open file. */
export function columnFile(path: string, { rows, columns }: ColumnTable): ColumnFile {
  return {
    path,
    rows,
    types: new Map([...columns].map(([name, { kind }]) => [name, kind === 'flat' ? 'float64' : 'text'])),
    read: (names) =>
      Promise.resolve({ rows, columns: new Map(names.map((name) => [name, columns.get(name)!])) }),
    close: () => Promise.resolve(),
  };
}

/** A table of columns of numbers. */
export function flatTable(numbers: Readonly<Record<string, readonly number[]>>): ColumnTable {
  const columns = Object.entries(numbers).map(
    ([name, values]) => [name, { kind: 'flat' as const, values: Float64Array.from(values) }] as const,
  );
  return { rows: columns[0][1].values.length, columns: new Map(columns) };
}
