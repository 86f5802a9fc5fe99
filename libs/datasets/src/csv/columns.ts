/** Columns of a CSV file and the growing arrays that their values go to. */
import { UserError } from '@hep/options/user-error';

/** What a number must satisfy. `missing`: empty, `nan`, `NA` become NaN. */
export type NumberCheck = 'non-negative' | 'finite' | 'missing';

/** Text of a column, each distinct text once: row `i` holds `labels[codes[i]]`. */
export interface TextColumn {
  readonly codes: Int32Array;
  readonly labels: readonly string[];
}

/** Where the values of one file column go. */
export type Target =
  | { readonly kind: 'matrix'; readonly index: number }
  | { readonly kind: 'number'; readonly name: string }
  | { readonly kind: 'text'; readonly name: string };

/**
 * Notes where a file column goes.
 * @throws UserError when it goes somewhere already: the first place would stay empty
 */
export function addTarget(targets: Map<number, Target>, path: string, column: number, target: Target): void {
  if (targets.has(column)) {
    throw new UserError(
      `${path}: column ${column} is wanted twice, expected another place for each; choose other columns`,
    );
  }
  targets.set(column, target);
}

/** The columns of one file: count, names for messages, and the wanted ones by file column. */
export interface FileLayout {
  readonly columnNames: readonly string[];
  readonly hasHeader: boolean;
  readonly targets: ReadonlyMap<number, Target>;
  /** What a row is, for messages that number the rows of the file from 0. */
  readonly rowName?: string;
}

/** What a reader collects, the same for all files of a table. */
export interface TableShape {
  /** Columns of the matrix; 0 for none. */
  readonly width: number;
  readonly matrixCheck: NumberCheck;
  readonly numbers: readonly string[];
  readonly texts: readonly string[];
}

/** Columns under construction. Rows are appended in place; a dropped row is overwritten by the next. */
export class TableBuilder {
  rows = 0;
  matrix: Float32Array<ArrayBuffer>;
  lines: Int32Array<ArrayBuffer>;
  readonly numbers: Float64Array<ArrayBuffer>[];
  readonly codes: Int32Array<ArrayBuffer>[];
  readonly dictionaries: Map<string, number>[];
  private capacity: number;

  constructor(
    readonly shape: TableShape,
    expectedRows: number,
  ) {
    this.capacity = expectedRows;
    this.matrix = new Float32Array(expectedRows * shape.width);
    this.lines = new Int32Array(expectedRows);
    this.numbers = shape.numbers.map(() => new Float64Array(expectedRows).fill(NaN));
    this.codes = shape.texts.map(() => new Int32Array(expectedRows).fill(-1));
    this.dictionaries = shape.texts.map(() => new Map<string, number>());
  }

  /** Makes room for `more` rows; arrays move when they grow, so fetch them again afterwards. */
  reserve(more: number): void {
    const wanted = this.rows + more;
    if (wanted <= this.capacity) return;
    const capacity = Math.max(wanted, Math.ceil(this.capacity * 1.5));
    this.matrix = grown(this.matrix, new Float32Array(capacity * this.shape.width));
    this.lines = grown(this.lines, new Int32Array(capacity));
    this.numbers.forEach((column, i) => {
      this.numbers[i] = grown(column, new Float64Array(capacity).fill(NaN, column.length));
    });
    this.codes.forEach((column, i) => {
      this.codes[i] = grown(column, new Int32Array(capacity).fill(-1, column.length));
    });
    this.capacity = capacity;
  }

  /** Forgets what a dropped row left in the place of the next row. */
  clearRow(): void {
    for (const column of this.numbers) column[this.rows] = NaN;
    for (const column of this.codes) column[this.rows] = -1;
  }

  /** Code of a text in column `index`, new texts in order of appearance. */
  code(index: number, text: string): number {
    const dictionary = this.dictionaries[index];
    const known = dictionary.get(text);
    if (known !== undefined) return known;
    dictionary.set(text, dictionary.size);
    return dictionary.size - 1;
  }
}

function grown<A extends Float32Array | Float64Array | Int32Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
