import fc from 'fast-check';
import type { Column, ColumnFile, ColumnTable, RowRange } from './column.ts';
import { joinColumns } from './join-columns.ts';
import { readBatches } from './read-batches.ts';
import { sliceColumn } from './slice-column.ts';
import { columnType } from './table-stream.ts';

const numbers = (rows: number) => Float32Array.from({ length: rows }, (_, row) => row);

function columnsOf(rows: number): Record<string, Column> {
  const offsets = Uint32Array.from({ length: rows + 1 }, (_, row) => (row * (row - 1)) / 2);
  return {
    flat: { kind: 'flat', values: numbers(rows) },
    fixed: { kind: 'fixed', width: 2, values: numbers(2 * rows) },
    text: { kind: 'text', values: Array.from(numbers(rows), String) },
    lists: { kind: 'jagged', offsets, content: { kind: 'flat', values: numbers(offsets[rows]) } },
  };
}

/** A file that counts how often it is read, and says that it stores `stretches` together. */
function fileOf(rows: number, stretches: readonly RowRange[], types?: ReadonlyMap<string, string>) {
  const columns = columnsOf(rows);
  const reads: RowRange[] = [];
  const file: ColumnFile = {
    path: 'memory',
    rows,
    stretches,
    types: types ?? new Map(Object.entries(columns).map(([name, column]) => [name, columnType(column)])),
    read: async (names, range = { first: 0, end: rows }) => {
      reads.push(range);
      const found = names.map((name) => [name, sliceColumn(columns[name], range.first, range.end)] as const);
      return { rows: range.end - range.first, columns: new Map(found) };
    },
    close: async () => undefined,
  };
  return { file, columns, reads };
}

async function tablesOf(file: ColumnFile, rowsAtOnce: number): Promise<ColumnTable[]> {
  const tables: ColumnTable[] = [];
  for await (const { table, range } of readBatches(file, [...file.types.keys()], rowsAtOnce)) {
    expect(table.rows).toBe(range.end - range.first);
    tables.push(table);
  }
  return tables;
}

it('give every row of every kind of column once and in order, whatever the stretches and the batches', async () => {
  const cuts = fc.array(fc.nat(40), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.nat(40), cuts, fc.integer({ min: 1, max: 50 }), async (rows, places, atOnce) => {
      const edges = [0, ...places.filter((place) => place < rows).sort((a, b) => a - b), rows];
      const stretches = edges.slice(1).map((end, i) => ({ first: edges[i], end }));
      const { file, columns } = fileOf(rows, stretches);
      const tables = await tablesOf(file, atOnce);
      for (const { rows: some } of tables) expect(some).toBeLessThanOrEqual(atOnce);
      for (const [name, column] of Object.entries(columns)) {
        const parts = tables.map((table) => table.columns.get(name)!);
        expect(joinColumns(parts, columnType(column))).toEqual(column);
      }
    }),
  );
});

it('decode a stretch once', async () => {
  const stretches = [
    { first: 0, end: 1000 },
    { first: 1000, end: 1001 },
  ];
  const { file, reads } = fileOf(1001, stretches);
  expect((await tablesOf(file, 10)).length).toBe(101);
  expect(reads).toEqual(stretches);
});

it('decode a stretch of more than 256 MiB in portions of whole batches', async () => {
  const wide = new Map(
    Array.from({ length: 2 ** 16 }, (_, i) => [`c${i}`, i === 0 ? 'float32' : 'float64'] as const),
  );
  const reads: RowRange[] = [];
  const file = {
    ...fileOf(0, []).file,
    rows: 1300,
    stretches: [{ first: 0, end: 1300 }],
    types: wide,
    read: async (_: readonly string[], range?: RowRange) => {
      reads.push(range!);
      return { rows: range!.end - range!.first, columns: new Map() };
    },
  };
  await tablesOf(file, 100);
  expect(reads).toEqual([
    { first: 0, end: 500 },
    { first: 500, end: 1000 },
    { first: 1000, end: 1300 },
  ]);
});
