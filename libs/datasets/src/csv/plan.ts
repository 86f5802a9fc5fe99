/** What a reader of tables is told. */
import type { TableBuilder, TableShape, Target } from './columns.ts';

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
  /** What a row is; messages about a line then number it, too, from 0: `line 7 (crossing 5)`. */
  readonly rowName?: string;
  /** Makes the row filter of a table: it sees the row just written and returns false to drop it. */
  readonly rowFilter?: (table: TableBuilder) => (row: number) => boolean;
}
