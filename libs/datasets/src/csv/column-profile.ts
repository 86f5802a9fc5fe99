/** What the fields of a CSV column are, found in one pass over the bytes, before any value is stored. */
import { decimalFromText } from './decimal.ts';
import type { LineBlock } from './source.ts';
import { splitLine } from './split-line.ts';

/** What was seen in a column. */
export interface ColumnProfile {
  hasText: boolean;
  /** A fraction, an exponent, an integer beyond 64 bits, or -0, which no integer is. */
  hasReal: boolean;
  hasInfinity: boolean;
  hasMissing: boolean;
  hasNegative: boolean;
  /** Digits of the longest integer. */
  digits: number;
  /** An integer of 2^63 or more. */
  hasUpperHalf: boolean;
}

const [LINE_FEED, RETURN, QUOTE, COMMA, MINUS] = [10, 13, 34, 44, 45];
/** Beyond them no integer has 64 bits, and a whole line of digits takes seconds to convert. */
const MOST_DIGITS = 40;
const LARGEST_INT64 = 2n ** 63n - 1n;
const LARGEST_UINT64 = 2n ** 64n - 1n;

/** Profiles of `count` columns and the number of rows, fed block by block. */
export class TableProfile {
  rows = 0;
  readonly columns: readonly ColumnProfile[];

  constructor(
    private readonly path: string,
    count: number,
  ) {
    this.columns = Array.from({ length: count }, () => ({
      hasText: false,
      hasReal: false,
      hasInfinity: false,
      hasMissing: false,
      hasNegative: false,
      digits: 0,
      hasUpperHalf: false,
    }));
  }

  /** Looks at whole lines; fields beyond the last column are left to the reader of values, which names the line. */
  add({ bytes, start, end }: LineBlock): void {
    for (let position = start; position < end;) {
      if (bytes[position] === LINE_FEED) {
        position++;
        continue;
      }
      const lineEnd = bytes.indexOf(LINE_FEED, position);
      const textEnd = lineEnd > position && bytes[lineEnd - 1] === RETURN ? lineEnd - 1 : lineEnd;
      this.addLine(bytes, position, textEnd);
      position = lineEnd + 1;
    }
  }

  private addLine(bytes: Uint8Array, start: number, end: number): void {
    let column = 0;
    let fieldStart = start;
    for (let i = start; i <= end; i++) {
      const byte = bytes[i];
      if (byte === QUOTE) return this.addQuotedLine(textOf(bytes, start, end));
      if (i !== end && byte !== COMMA) continue;
      if (column === 0 && i === end && textOf(bytes, start, end).trim() === '') return;
      if (column < this.columns.length) addField(this.columns[column], bytes, fieldStart, i);
      column++;
      fieldStart = i + 1;
    }
    this.rows++;
  }

  private addQuotedLine(text: string): void {
    splitLine(text, this.path)
      .slice(0, this.columns.length)
      .forEach((field, column) => addText(this.columns[column], field.trim()));
    this.rows++;
  }
}

/** The common case is an integer of at most 15 digits; everything else is looked at as text. */
function addField(profile: ColumnProfile, bytes: Uint8Array, start: number, end: number): void {
  const isNegative = bytes[start] === MINUS;
  let position = isNegative ? start + 1 : start;
  const first = position;
  while (position < end && (bytes[position] ^ 48) <= 9) position++;
  const digits = position - first;
  if (position !== end || digits === 0 || digits > 15) return addOther(profile, bytes, start, end, position);
  if (digits > profile.digits) profile.digits = digits;
  if (!isNegative) return;
  profile.hasNegative = true;
  if (digits === 1 && bytes[first] === 48) profile.hasReal = true;
}

/** A plain decimal is recognised by its bytes, too. */
function addOther(
  profile: ColumnProfile,
  bytes: Uint8Array,
  start: number,
  end: number,
  point: number,
): void {
  let position = point;
  if (bytes[position] === 46) {
    position++;
    while (position < end && (bytes[position] ^ 48) <= 9) position++;
    if (position === end && position > point + 1) {
      profile.hasReal = true;
      return;
    }
  }
  addText(profile, textOf(bytes, start, end).trim());
}

function addText(profile: ColumnProfile, text: string): void {
  if (/^(nan|na|null|none)?$/i.test(text)) profile.hasMissing = true;
  else if (/^[+-]?\d+$/.test(text)) addInteger(profile, text);
  else if (/^[+-]?inf(inity)?$/i.test(text)) profile.hasInfinity = true;
  else if (Number.isNaN(decimalFromText(text))) profile.hasText = true;
  else profile.hasReal = true;
}

function addInteger(profile: ColumnProfile, text: string): void {
  if (text.length > MOST_DIGITS) {
    profile.hasReal = true;
    return;
  }
  const value = BigInt(text.replace('+', ''));
  const isNegative = value < 0n;
  if (text === '-0' || value > LARGEST_UINT64 || value < -LARGEST_INT64 - 1n) profile.hasReal = true;
  if (value > LARGEST_INT64) profile.hasUpperHalf = true;
  if (isNegative) profile.hasNegative = true;
  profile.digits = Math.max(profile.digits, String(isNegative ? -value : value).length);
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
}
