/** CSV files to one columnar table. */
import { UserError } from '@hep/options';
import type { FileLayout, NumberCheck, TableShape, Target, TextColumn } from './columns.ts';
import { TableBuilder } from './columns.ts';
import { decimalFromText } from './decimal.ts';
import { RowParser, splitLine } from './row-parser.ts';
import type { DataFile, LineBlock } from './source.ts';
import { lineBlocks, listCsvFiles } from './source.ts';

/** Where rows came from, for error messages: line numbers from 1, and the first row of each file in order. */
export interface RowOrigin {
  readonly lines: Int32Array;
  readonly files: readonly { readonly path: string; readonly firstRow: number }[];
}

/** Columns of all files, one row after the other. */
export interface Table {
  readonly rows: number;
  /** Float32 [rows, width], row-major. */
  readonly matrix: Float32Array<ArrayBuffer>;
  readonly width: number;
  /** Float64 [rows] each; NaN where a file lacks the column. Only columns that some file has. */
  readonly numbers: ReadonlyMap<string, Float64Array<ArrayBuffer>>;
  readonly texts: ReadonlyMap<string, TextColumn>;
  readonly origin: RowOrigin;
}

/** First line of a file, split; names are the positions from 1 when there is no header. */
export interface FirstLine {
  readonly path: string;
  readonly names: readonly string[];
  readonly hasHeader: boolean;
}

/** `auto`: the first line is a header when its first field is not a number. */
export type HeaderRule = 'auto' | 'present' | 'none';

/** How {@link streamTables} reads: which columns, which rows. */
export interface TablePlan {
  readonly shape: TableShape;
  /** Finds the wanted columns of a file; throws UserError when one is missing. */
  readonly locate: (file: FirstLine) => ReadonlyMap<number, Target>;
  readonly header?: HeaderRule;
  /** Rows read of each file, before any row is dropped. Default: all. */
  readonly rowsPerFile?: number;
  /** Makes the row filter of a table: it sees the row just written and returns false to drop it. */
  readonly rowFilter?: (table: TableBuilder) => (row: number) => boolean;
}

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
    matrix.forEach((column, index) => targets.set(columnOf(file, column), { kind: 'matrix', index }));
    numbers.forEach((column) =>
      targets.set(columnOf(file, column), { kind: 'number', name: String(column) }),
    );
    texts.forEach((column) => targets.set(columnOf(file, column), { kind: 'text', name: String(column) }));
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
  const batch = new Batch(plan, batchRows);
  for (const [index, file] of files.entries()) {
    const remaining = files.slice(index).reduce((bytes, next) => bytes + next.bytes, 0);
    yield* readFile(file, plan, batch, remaining);
  }
  yield batch.finish();
}

/** The table being filled and what is needed to close it. */
class Batch {
  builder: TableBuilder | undefined;
  private present = new Set<string>();
  private files: { path: string; firstRow: number }[] = [];

  constructor(
    private readonly plan: TablePlan,
    readonly rowLimit: number,
  ) {}

  /** Begins a file, or goes on with it in a new table. */
  open(layout: FileLayout, path: string, expectedRows: number): TableBuilder {
    this.builder ??= new TableBuilder(this.plan.shape, expectedRows);
    this.builder.clearRow();
    this.files.push({ path, firstRow: this.builder.rows });
    for (const target of layout.targets.values()) if (target.kind !== 'matrix') this.present.add(target.name);
    return this.builder;
  }

  isFull(): boolean {
    return this.builder !== undefined && this.builder.rows >= this.rowLimit;
  }

  finish(): Table {
    const builder = this.builder ?? new TableBuilder(this.plan.shape, 0);
    const { rows, shape } = builder;
    const kept = (names: readonly string[]) =>
      [...names.entries()].filter(([, name]) => this.present.has(name));
    const table: Table = {
      rows,
      width: shape.width,
      matrix: builder.matrix.subarray(0, rows * shape.width),
      numbers: new Map(kept(shape.numbers).map(([i, name]) => [name, builder.numbers[i].subarray(0, rows)])),
      texts: new Map(
        kept(shape.texts).map(([i, name]) => [
          name,
          { codes: builder.codes[i].subarray(0, rows), labels: [...builder.dictionaries[i].keys()] },
        ]),
      ),
      origin: { lines: builder.lines.subarray(0, rows), files: this.files },
    };
    this.builder = undefined;
    this.files = [];
    this.present = new Set();
    return table;
  }
}

async function* readFile(
  { path, bytes }: DataFile,
  plan: TablePlan,
  batch: Batch,
  remainingBytes: number,
): AsyncGenerator<Table> {
  if (bytes === 0) throw new UserError(`${path}: empty file, expected rows of numbers`);
  let parser: RowParser | undefined;
  let layout: FileLayout | undefined;
  let linesBefore = 0;
  let expected = 0;
  const open = (found: FileLayout) => {
    const builder = batch.open(found, path, Math.min(expected, batch.rowLimit));
    return { builder, keepRow: plan.rowFilter?.(builder) ?? (() => true) };
  };
  for await (const block of lineBlocks(path)) {
    let body = block;
    if (parser === undefined || layout === undefined) {
      const first = firstLineOf(block);
      linesBefore += first.line;
      if (first.text === undefined) continue;
      layout = layoutOf(path, first.text, plan);
      body = layout.hasHeader ? { ...block, start: first.end } : { ...block, start: first.start };
      expected = expectedRows(body, remainingBytes, plan.rowsPerFile);
      const { builder, keepRow } = open(layout);
      parser = new RowParser(path, layout, builder, keepRow, plan.rowsPerFile ?? Infinity);
      parser.line = layout.hasHeader ? linesBefore : linesBefore - 1;
    }
    const isMore = parser.parse(body);
    if (!isMore) break;
    if (batch.isFull()) {
      yield batch.finish();
      const { builder, keepRow } = open(layout);
      parser.continueIn(builder, keepRow);
    }
  }
  if (parser === undefined) throw new UserError(`${path}: empty file, expected rows of numbers`);
  if (parser.rowsRead === 0) throw new UserError(`${path}: no rows after the header`);
}

/** First line with text: its number from 1 and its range; `text` is undefined when the block has only blank lines. */
function firstLineOf({ bytes, start, end }: LineBlock) {
  let line = 0;
  for (let position = start; position < end;) {
    const lineEnd = bytes.indexOf(10, position);
    line++;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + position, lineEnd - position)
      .toString('utf8')
      .trim();
    if (text !== '') return { line, start: position, end: lineEnd + 1, text };
    position = lineEnd + 1;
  }
  return { line, start: end, end, text: undefined };
}

function layoutOf(path: string, text: string, plan: TablePlan): FileLayout {
  const fields = splitLine(text, path).map((field) => field.trim());
  const rule = plan.header ?? 'auto';
  const looksNumeric =
    fields[0] !== '' && (!Number.isNaN(decimalFromText(fields[0])) || /^[+-]?(nan|inf\w*)$/i.test(fields[0]));
  const hasHeader = rule === 'present' || (rule === 'auto' && !looksNumeric);
  const names = hasHeader ? fields : fields.map((_, position) => String(position + 1));
  return { columnNames: names, hasHeader, targets: plan.locate({ path, names, hasHeader }) };
}

/** Rows to expect in the remaining bytes, from the line lengths of a block, with room for one block more. */
function expectedRows(
  { bytes, start, end }: LineBlock,
  remainingBytes: number,
  rowsPerFile = Infinity,
): number {
  const sampleEnd = Math.min(end, start + 2 ** 16);
  let rows = 0;
  for (let position = start; position < sampleEnd; position = bytes.indexOf(10, position) + 1) rows++;
  const rowBytes = Math.max(2, (sampleEnd - start) / Math.max(1, rows));
  const isWhole = end - start >= remainingBytes * 0.9;
  const estimate = isWhole
    ? rows * ((end - start) / (sampleEnd - start || 1))
    : (1.02 * remainingBytes) / rowBytes;
  return Math.ceil(Math.min(estimate + (2 * 2 ** 20) / rowBytes, rowsPerFile, 2 ** 24));
}

/** `data.csv line 17` of a row. */
export function describeRow({ files, lines }: RowOrigin, row: number): string {
  const file = files.findLast(({ firstRow }) => firstRow <= row);
  return `${file?.path ?? 'generated'} line ${lines[row]}`;
}
