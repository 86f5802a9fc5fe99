import { UserError } from '@hep/options/user-error';
import type { ColumnTable, Numbers } from './column.ts';
import type { TableStream } from './table-stream.ts';

const BLOCK_CHARACTERS = 2 ** 20;

/**
 * CSV text of tables with flat columns, header first: numbers with enough digits to read the same ones again, nothing
 * for NaN, `inf` for infinity, quotes where a text needs them.
 * @throws UserError for a column of lists
 */
export async function* csvText({ types, tables }: TableStream): AsyncGenerator<string> {
  const names = [...types.keys()];
  yield `${names.map(quoted).join(',')}\n`;
  for await (const table of tables) yield* lines(table, names);
}

function* lines(table: ColumnTable, names: readonly string[]): Generator<string> {
  const cells = names.map((name) => cellsOf(table, name));
  let text = '';
  for (let row = 0; row < table.rows; row++) {
    text += cells[0](row);
    for (let column = 1; column < cells.length; column++) text += `,${cells[column](row)}`;
    text += '\n';
    if (text.length < BLOCK_CHARACTERS) continue;
    yield text;
    text = '';
  }
  yield text;
}

function cellsOf({ columns }: ColumnTable, name: string): (row: number) => string {
  const column = columns.get(name);
  if (column?.kind === 'text') return (row) => quoted(column.values[row]);
  if (column?.kind === 'flat') return (row) => digits(column.values, row);
  throw new UserError(`column ${name} holds lists, which a csv file cannot; write .parquet`);
}

/** Nine digits tell a float32, JavaScript's own text the others. */
function digits(values: Numbers, row: number): string {
  const value = values[row];
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'bigint' || Number.isInteger(value)) return String(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '' : value > 0 ? 'inf' : '-inf';
  return values instanceof Float32Array ? String(Number(value.toPrecision(9))) : String(value);
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
