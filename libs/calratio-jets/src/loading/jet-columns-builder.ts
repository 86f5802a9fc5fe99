/** Columns of jets being filled from files of any column types. */
import type { Column, FlatColumn } from '@hep/datasets/columns';
import { UserError } from '@hep/options';

/** Values that were not finite and became zero, of one column. */
export interface Replacement {
  readonly column: string;
  readonly count: number;
  /** File and row of the first of them, rows of the file from 0. */
  readonly first: { readonly path: string; readonly row: number };
}

const EXACT = ['mcEventWeight', 'llp_mH', 'llp_mS', 'llp_eta', 'llp_phi', 'llp_Lxy', 'llp_Lz', 'llp_pt'];

type JetNumbers = Float32Array | Float64Array | Uint8Array | BigUint64Array;

/** Where the next values come from and go to. */
export interface Stretch {
  readonly path: string;
  /** Row of the file, from 0, of the first value. */
  readonly fileRow: number;
  /** Row of the table that it goes to. */
  readonly tableRow: number;
}

/**
 * A column of the table: features float32, weights and masses float64, label uint8, event numbers uint64. Infinities
 * and NaN become 0 and are counted.
 */
export class JetColumnBuilder {
  readonly values: JetNumbers;
  private count = 0;
  private first: Replacement['first'] | undefined;

  constructor(
    readonly name: string,
    rows: number,
    private readonly labels: Readonly<Record<number, string>>,
  ) {
    if (name === 'label') this.values = new Uint8Array(rows);
    else if (name === 'eventNumber' || name === 'runNumber') this.values = new BigUint64Array(rows);
    else this.values = EXACT.includes(name) ? new Float64Array(rows) : new Float32Array(rows);
  }

  /** @throws UserError with file, row and column for a text, an unknown label or a number that no event has */
  fill(column: Column | undefined, at: Stretch): void {
    if (column?.kind !== 'flat') {
      throw new UserError(
        `${at.path}: column ${this.name} holds no single numbers, expected one number a row`,
      );
    }
    if (this.values instanceof BigUint64Array) this.fillWhole(this.values, column, at);
    else if (this.values instanceof Uint8Array) this.fillLabels(this.values, column, at);
    else this.fillReal(this.values, column, at);
  }

  replacement(): Replacement | undefined {
    return this.first && { column: this.name, count: this.count, first: this.first };
  }

  private fillReal(target: Float32Array | Float64Array, { values }: FlatColumn, at: Stretch): void {
    for (let i = 0, to = at.tableRow; i < values.length; i++, to++) {
      target[to] = Number(values[i]);
      if (!Number.isFinite(target[to])) {
        target[to] = 0;
        this.replaced(at, i);
      }
    }
  }

  private fillWhole(target: BigUint64Array, { values }: FlatColumn, at: Stretch): void {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (typeof value === 'number' && !Number.isFinite(value)) this.replaced(at, i);
      else if (value < 0 || (typeof value === 'number' && !Number.isInteger(value))) {
        throw this.wrong(at, i, String(value), 'a whole number, at least 0');
      } else target[at.tableRow + i] = BigInt(value);
    }
  }

  private fillLabels(target: Uint8Array, { values }: FlatColumn, at: Stretch): void {
    for (let i = 0; i < values.length; i++) {
      const label = Number(values[i]);
      if (this.labels[label] === undefined) {
        const known = Object.entries(this.labels).map(([number, meaning]) => `${number} (${meaning})`);
        throw this.wrong(at, i, String(label), known.join(' or '));
      }
      target[at.tableRow + i] = label;
    }
  }

  private replaced({ path, fileRow }: Stretch, index: number): void {
    this.first ??= { path, row: fileRow + index };
    this.count++;
  }

  private wrong({ path, fileRow }: Stretch, index: number, got: string, expected: string): UserError {
    return new UserError(
      `${path} row ${fileRow + index}, column ${this.name}: got ${got}, expected ${expected}`,
    );
  }
}
