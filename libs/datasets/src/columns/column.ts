/** Typed columns, the form in which the readers of ROOT, pickle, Parquet and NumPy files give their tables. */
import type { NumpyValues } from '@hep/files';

/** Numbers of a column in the type that the file stores; booleans are `Uint8Array` of 0 and 1. */
export type Numbers = NumpyValues;

/** One number in each row. */
export interface FlatColumn {
  readonly kind: 'flat';
  /** [rows] */
  readonly values: Numbers;
}

/** The same count of numbers in each row. */
export interface FixedColumn {
  readonly kind: 'fixed';
  readonly width: number;
  /** [rows, width], row-major. */
  readonly values: Numbers;
}

/** Lists: row r has the entries [offsets[r], offsets[r + 1]) of `content`, which may be lists again. */
export interface JaggedColumn {
  readonly kind: 'jagged';
  /** [rows + 1], from 0, never falling. */
  readonly offsets: Uint32Array;
  readonly content: Column;
}

/** One text in each row. */
export interface TextColumn {
  readonly kind: 'text';
  readonly values: readonly string[];
}

/** A column of any kind. */
export type Column = FlatColumn | FixedColumn | JaggedColumn | TextColumn;

/** Columns of equal length by name, in the order of the file. */
export interface ColumnTable {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, Column>;
  /**
   * Gives the memory of the columns back at once, where the reader can; they may not be used any more. Garbage of many
   * large tables would be collected again and again.
   */
  readonly release?: () => void;
}

/** Rows [first, end) of a file. */
export interface RowRange {
  readonly first: number;
  readonly end: number;
}

/** An open file with a table; nothing but metadata is in memory until columns are read. */
export interface ColumnFile {
  readonly path: string;
  readonly rows: number;
  /** Types by name in the order of the file: `float32`, `int8`, `float32[4]` (fixed), `float64[]`, `int32[][]`, `text`. */
  readonly types: ReadonlyMap<string, string>;
  /** Stretches of rows that the file stores together, where it has such; parts of one are best read in their order. */
  readonly stretches?: readonly RowRange[];
  /**
   * Columns of some rows (default: all), in the order of `names`.
   * @throws UserError when columns are missing (all named at once), or with file, column and entry when the file is damaged
   */
  read(names: readonly string[], range?: RowRange): Promise<ColumnTable>;
  close(): Promise<void>;
}
