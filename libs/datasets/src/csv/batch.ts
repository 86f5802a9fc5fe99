/** The table that is being filled, and what it becomes. */
import type { FileLayout, TableShape, TextColumn } from './columns.ts';
import { TableBuilder } from './columns.ts';

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

/** The table being filled and what is needed to close it. */
export class Batch {
  builder: TableBuilder | undefined;
  private present = new Set<string>();
  private files: { path: string; firstRow: number }[] = [];

  constructor(
    private readonly shape: TableShape,
    readonly rowLimit: number,
  ) {}

  /** Begins a file, or goes on with it in a new table. */
  open(layout: FileLayout, path: string, expectedRows: number): TableBuilder {
    this.builder ??= new TableBuilder(this.shape, expectedRows);
    this.builder.clearRow();
    this.files.push({ path, firstRow: this.builder.rows });
    for (const target of layout.targets.values()) if (target.kind !== 'matrix') this.present.add(target.name);
    return this.builder;
  }

  isFull(): boolean {
    return this.builder !== undefined && this.builder.rows >= this.rowLimit;
  }

  finish(): Table {
    const builder = this.builder ?? new TableBuilder(this.shape, 0);
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

/** `data.csv line 17` of a row. */
export function describeRow({ files, lines }: RowOrigin, row: number): string {
  const file = files.findLast(({ firstRow }) => firstRow <= row);
  return `${file?.path ?? 'generated'} line ${lines[row]}`;
}
