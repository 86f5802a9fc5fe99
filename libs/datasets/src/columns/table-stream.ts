import type { Column, ColumnTable } from './column.ts';
import { numberTypeOf } from './number-types.ts';
import { joinColumns } from './join-columns.ts';

/** Tables with the same columns, one after the other: what writers take, in whatever portions they come. */
export interface TableStream {
  /** Types by name in the order of the file, as in `ColumnFile.types`. */
  readonly types: ReadonlyMap<string, string>;
  readonly tables: Iterable<ColumnTable> | AsyncIterable<ColumnTable>;
}

/** Type of a column as in `ColumnFile.types`; booleans cannot be told from `uint8`. */
export function columnType(column: Column): string {
  switch (column.kind) {
    case 'text':
      return 'text';
    case 'flat':
      return numberTypeOf(column.values);
    case 'fixed':
      return `${numberTypeOf(column.values)}[${column.width}]`;
    case 'jagged':
      return `${columnType(column.content)}[]`;
  }
}

/** Tables as a stream of the types that the first of them has. */
export async function tableStream(
  tables: Iterable<ColumnTable> | AsyncIterable<ColumnTable>,
): Promise<TableStream> {
  const iterator = iterate(tables);
  const first = await iterator.next();
  const columns: ColumnTable['columns'] = first.done === true ? new Map() : first.value.columns;
  async function* all() {
    if (first.done === true) return;
    yield first.value;
    yield* iterator;
  }
  return { types: new Map([...columns].map(([name, column]) => [name, columnType(column)])), tables: all() };
}

async function* iterate(
  tables: Iterable<ColumnTable> | AsyncIterable<ColumnTable>,
): AsyncGenerator<ColumnTable> {
  yield* tables;
}

/** A table without rows. */
export function emptyTable(types: ReadonlyMap<string, string>): ColumnTable {
  return { rows: 0, columns: new Map([...types].map(([name, type]) => [name, joinColumns([], type)])) };
}

/** Joins small tables until they take `bytes` together, so that a writer gets few large ones; the last may be small. */
export async function* largerTables(
  { types, tables }: TableStream,
  bytes: number,
): AsyncGenerator<ColumnTable> {
  let waiting: ColumnTable[] = [];
  let size = 0;
  for await (const table of tables) {
    if (table.rows === 0) continue;
    waiting.push(table);
    size += sizeOf(table);
    if (size < bytes) continue;
    yield joinTables(waiting, types);
    waiting = [];
    size = 0;
  }
  if (waiting.length > 0) yield joinTables(waiting, types);
}

/** Rows of all tables in one; columns as `types` says. */
export function joinTables(tables: readonly ColumnTable[], types: ReadonlyMap<string, string>): ColumnTable {
  if (tables.length === 1) return tables[0];
  const columns = [...types].map(([name, type]): [string, Column] => {
    const parts = tables.map((table) => {
      const column = table.columns.get(name);
      if (column === undefined) throw new Error(`column ${name} is missing in a part of the table`);
      return column;
    });
    return [name, joinColumns(parts, type)];
  });
  return { rows: tables.reduce((sum, { rows }) => sum + rows, 0), columns: new Map(columns) };
}

function sizeOf({ columns }: ColumnTable): number {
  return [...columns.values()].reduce((sum, column) => sum + columnBytes(column), 0);
}

/** Bytes of the values of a column; of texts their characters. */
function columnBytes(column: Column): number {
  if (column.kind === 'text') return column.values.reduce((sum, text) => sum + text.length + 16, 0);
  if (column.kind === 'jagged') return column.offsets.byteLength + columnBytes(column.content);
  return column.values.byteLength;
}
