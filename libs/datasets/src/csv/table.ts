/** CSV files to columnar tables. */
import { UserError } from '@hep/options/user-error';
import type { Table } from './batch.ts';
import { Batch } from './batch.ts';
import type { NumberCheck, Target } from './columns.ts';
import { addTarget } from './columns.ts';
import type { FirstLine, HeaderRule, TablePlan } from './plan.ts';
import { readFile } from './read-file.ts';
import { listCsvFiles } from './source.ts';

/** Which columns {@link readTable} reads, by header name or by position from 0. */
export interface TableRequest {
  /** Columns of the float32 matrix, in order. */
  readonly matrix?: readonly (string | number)[];
  /** What the matrix must hold (default `finite`). */
  readonly matrixCheck?: NumberCheck;
  /** Float64 columns; empty fields are NaN. Named after the header, or by position. */
  readonly numbers?: readonly (string | number)[];
  readonly texts?: readonly (string | number)[];
  readonly header?: HeaderRule;
  readonly rowsPerFile?: number;
}

/**
 * Reads `.csv` and `.csv.gz` files or folders of them into typed columns.
 * Throws UserError naming file, line and column on anything that does not fit.
 */
export async function readTable(inputs: readonly string[], request: TableRequest): Promise<Table> {
  const { matrix = [], numbers = [], texts = [], matrixCheck = 'finite', ...rest } = request;
  const shape = { width: matrix.length, matrixCheck, numbers: numbers.map(String), texts: texts.map(String) };
  const locate = (file: FirstLine) => {
    const targets = new Map<number, Target>();
    const add = (column: string | number, target: Target) =>
      addTarget(targets, file.path, columnOf(file, column), target);
    matrix.forEach((column, index) => add(column, { kind: 'matrix', index }));
    numbers.forEach((column) => add(column, { kind: 'number', name: String(column) }));
    texts.forEach((column) => add(column, { kind: 'text', name: String(column) }));
    return targets;
  };
  return collectTable(inputs, { ...rest, shape, locate });
}

function columnOf({ path, names, hasHeader }: FirstLine, column: string | number): number {
  const position = typeof column === 'number' ? column : hasHeader ? names.indexOf(column) : -1;
  if (position >= 0 && position < names.length) return position;
  const present = hasHeader
    ? `the header has ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', ...' : ''}`
    : 'no header';
  throw new UserError(`${path}: column ${column} is missing; ${present} (${names.length} columns)`);
}

/** All rows of all files in one table. */
export async function collectTable(inputs: readonly string[], plan: TablePlan): Promise<Table> {
  for await (const table of streamTables(inputs, plan, Infinity)) return table;
  throw new Error('a stream of tables has at least one');
}

/**
 * The rows in tables of about `batchRows` rows each, in constant memory; a table never spans a batch of the next.
 * At least one table comes, the last one may be short or empty.
 */
export async function* streamTables(
  inputs: readonly string[],
  plan: TablePlan,
  batchRows: number,
): AsyncGenerator<Table> {
  const files = await listCsvFiles(inputs);
  const batch = new Batch(plan.shape, batchRows);
  for (const [index, file] of files.entries()) {
    const remaining = files.slice(index).reduce((bytes, next) => bytes + next.bytes, 0);
    yield* readFile(file, plan, batch, remaining);
  }
  yield batch.finish();
}
