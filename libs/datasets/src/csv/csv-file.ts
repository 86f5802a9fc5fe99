import { UserError } from '@hep/options/user-error';
import type { Column, ColumnFile, ColumnTable, RowRange } from '../columns/column.ts';
import { joinTables } from '../columns/table-stream.ts';
import { requireColumns, rowsWithin } from '../columns/require-columns.ts';
import { sliceTable } from '../columns/slice-column.ts';
import type { Table } from './batch.ts';
import { TableProfile } from './column-profile.ts';
import type { CsvColumn } from './csv-column.ts';
import { columnOfTable, csvColumn } from './csv-column.ts';
import type { TablePlan } from './plan.ts';
import { LINE_FEED, lineBlocks } from './source.ts';
import { splitLine } from './split-line.ts';
import { streamTables } from './table.ts';

const ROWS_A_TABLE = 2 ** 13;

/**
 * Opens a CSV file with a header (plain or gzip). One pass finds the number of rows and the types of the columns, so
 * that integers keep all their digits; reading goes on where the last reading of the same columns ended.
 * @throws UserError with file, line and column where a line does not fit
 */
export async function openCsvFile(path: string): Promise<ColumnFile> {
  const { names, profile } = await profileOf(path);
  const columns = new Map(names.map((name, i) => [name, csvColumn(profile.columns[i])]));
  const types = new Map([...columns].map(([name, { type }]) => [name, type]));
  let cursor: Cursor | undefined;
  return {
    path,
    rows: profile.rows,
    types,
    read: async (wanted, range) => {
      requireColumns(path, types.keys(), wanted);
      const rows = rowsWithin(profile.rows, range);
      if (cursor === undefined || !cursor.canRead(wanted, rows)) {
        await cursor?.close();
        cursor = new Cursor(path, wanted, columns);
      }
      return cursor.read(rows);
    },
    close: async () => cursor?.close(),
  };
}

async function profileOf(path: string): Promise<{ names: string[]; profile: TableProfile }> {
  let found: { names: string[]; profile: TableProfile } | undefined;
  let line = 1;
  for await (const { bytes, start, end } of lineBlocks(path)) {
    let position = start;
    if (found === undefined) {
      for (; position < end && bytes[position] <= 32; position++) if (bytes[position] === LINE_FEED) line++;
      if (position === end) continue;
      const lineEnd = bytes.indexOf(LINE_FEED, position);
      const names = headerNames(path, line, bytes.toString('utf8', position, lineEnd));
      found = { names, profile: new TableProfile(path, names.length, line) };
      position = lineEnd + 1;
    }
    found.profile.add({ bytes, start: position, end });
  }
  if (found === undefined) throw new UserError(`${path}: empty file, expected a table with a header`);
  return found;
}

function headerNames(path: string, line: number, text: string): string[] {
  const names = splitLine(text.trim(), `${path} line ${line}`).map((name) => name.trim());
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new UserError(`${path}: column "${twice}" stands twice in the header`);
  if (names.every((name) => name !== '' && !Number.isNaN(Number(name)))) {
    throw new UserError(`${path}: no header, expected the names of the columns in the first line`);
  }
  return names;
}

/** Rows of some columns from the first on, in one pass over the file. */
class Cursor {
  private readonly tables: AsyncGenerator<Table>;
  /** Rows that were parsed and not asked for yet, from row `position` on. */
  private waiting: ColumnTable | undefined;
  private position = 0;

  constructor(
    path: string,
    private readonly names: readonly string[],
    private readonly columns: ReadonlyMap<string, CsvColumn>,
  ) {
    this.tables = streamTables([path], planOf(names, columns), ROWS_A_TABLE);
  }

  canRead(names: readonly string[], { first }: RowRange): boolean {
    const isSame = names.length === this.names.length && names.every((name, i) => name === this.names[i]);
    return isSame && first >= this.position;
  }

  async read({ first, end }: RowRange): Promise<ColumnTable> {
    const parts: ColumnTable[] = [];
    while (this.position < end) {
      const table = this.waiting ?? (await this.next());
      this.waiting = undefined;
      const last = Math.min(table.rows, end - this.position);
      parts.push(sliceTable(table, Math.min(last, Math.max(0, first - this.position)), last));
      if (last < table.rows) this.waiting = sliceTable(table, last, table.rows);
      this.position += last;
    }
    const types = new Map(this.names.map((name) => [name, this.columns.get(name)!.type]));
    return joinTables(parts, types);
  }

  async close(): Promise<void> {
    await this.tables.return(undefined);
  }

  private async next(): Promise<ColumnTable> {
    const result = await this.tables.next();
    if (result.done === true) throw new UserError('a csv file became shorter while it was read');
    const columns = this.names.map((name): [string, Column] => [
      name,
      columnOfTable(result.value, name, this.columns.get(name)!),
    ]);
    return { rows: result.value.rows, columns: new Map(columns) };
  }
}

function planOf(names: readonly string[], columns: ReadonlyMap<string, CsvColumn>): TablePlan {
  const isText = (name: string) => columns.get(name)!.isReadAsText;
  const shape = {
    width: 0,
    matrixCheck: 'finite' as const,
    numbers: names.filter((name) => !isText(name)),
    texts: names.filter(isText),
  };
  return {
    shape,
    header: 'present',
    locate: ({ names: header }) =>
      new Map(
        names.map((name) => [
          header.indexOf(name),
          { kind: isText(name) ? 'text' : 'number', name } as const,
        ]),
      ),
  };
}
