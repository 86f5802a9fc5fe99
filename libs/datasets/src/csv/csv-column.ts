/** How the columns of a CSV file are read so that no digit is lost. */
import { UserError } from '@hep/options/user-error';
import type { Column } from '../columns/column.ts';
import type { Table } from './batch.ts';
import { describeRow } from './batch.ts';
import type { ColumnProfile } from './column-profile.ts';

/** Type of a column as in `ColumnFile.types`, and whether its fields go through texts. */
export interface CsvColumn {
  readonly type: 'int32' | 'int64' | 'uint64' | 'float64' | 'text';
  readonly isReadAsText: boolean;
}

/** Integers of at most 9 digits are int32, longer ones int64 or, above 2^63, uint64; with gaps or fractions float64. */
export function csvColumn(profile: ColumnProfile): CsvColumn {
  const { hasText, hasReal, hasInfinity, hasMissing, hasNegative, digits, hasUpperHalf } = profile;
  if (hasText) return { type: 'text', isReadAsText: true };
  if (hasInfinity) return { type: 'float64', isReadAsText: true };
  const isExact = digits <= 15;
  if (hasReal || digits === 0 || (hasMissing && isExact)) return { type: 'float64', isReadAsText: false };
  if (digits <= 9) return { type: 'int32', isReadAsText: false };
  // integers on both sides of what 64 bits hold are real numbers to everybody
  if (hasUpperHalf && hasNegative) return { type: 'float64', isReadAsText: true };
  const type = hasUpperHalf ? 'uint64' : 'int64';
  return { type, isReadAsText: !isExact };
}

/** A column of the table that the rows were parsed into. */
export function columnOfTable(table: Table, name: string, { type, isReadAsText }: CsvColumn): Column {
  if (isReadAsText) return columnOfTexts(table, name, type);
  const values = table.numbers.get(name) ?? new Float64Array(0);
  if (type === 'int32') return { kind: 'flat', values: Int32Array.from(values) };
  if (type === 'int64') return { kind: 'flat', values: BigInt64Array.from(values, BigInt) };
  return { kind: 'flat', values };
}

function columnOfTexts(table: Table, name: string, type: CsvColumn['type']): Column {
  const { codes, labels } = table.texts.get(name) ?? { codes: new Int32Array(0), labels: [] };
  if (type === 'text') return { kind: 'text', values: Array.from(codes, (code) => labels[code]) };
  if (type === 'float64') {
    const numbers = labels.map(realNumber);
    return { kind: 'flat', values: Float64Array.from(codes, (code) => numbers[code]) };
  }
  const integers = labels.map((label) =>
    /^[+-]?\d+$/.test(label) ? BigInt(label.replace('+', '')) : undefined,
  );
  const values = type === 'uint64' ? new BigUint64Array(codes.length) : new BigInt64Array(codes.length);
  for (let row = 0; row < codes.length; row++) {
    const integer = integers[codes[row]];
    if (integer === undefined) {
      const got = labels[codes[row]] === '' ? 'nothing' : labels[codes[row]];
      throw new UserError(
        `${describeRow(table.origin, row)}, column ${name}: got ${got}, expected an integer as in the other rows`,
      );
    }
    values[row] = integer;
  }
  return { kind: 'flat', values };
}

function realNumber(label: string): number {
  if (/^(nan|na|null|none)?$/i.test(label)) return NaN;
  if (/inf/i.test(label)) return label.startsWith('-') ? -Infinity : Infinity;
  return Number(label);
}
