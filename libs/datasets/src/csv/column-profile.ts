/** What the fields of a CSV column are, found in one pass over the bytes, before any value is stored. */
import { decimalFromText } from './decimal.ts';
import { contentEnd, contentStart, fieldEnd, fieldText } from './fields.ts';
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

const [LINE_FEED, QUOTE, MINUS, POINT] = [10, 34, 45, 46];
/** Beyond them no integer has 64 bits, and a whole line of digits takes seconds to convert. */
const MOST_DIGITS = 40;
const LARGEST_INT64 = 2n ** 63n - 1n;
const LARGEST_UINT64 = 2n ** 64n - 1n;

/** Profiles of `count` columns and the number of rows, fed block by block. */
export class TableProfile {
  rows = 0;
  readonly columns: readonly ColumnProfile[];

  /** @param line number of the line before the first row */
  constructor(
    private readonly path: string,
    count: number,
    private line: number,
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

  /**
   * Looks at whole lines; fields beyond the last column are left to the reader of values, which names the line.
   * @throws UserError for quotes that do not close
   */
  add({ bytes, start, end }: LineBlock): void {
    for (let position = start; position < end;) {
      this.line++;
      position = this.addLine(bytes, position);
    }
  }

  /** Returns where the next line begins. */
  private addLine(bytes: Buffer, start: number): number {
    let position = start;
    for (let column = 0; ; column++) {
      const end = fieldEnd(bytes, position);
      if (end === 0) return this.refuse(bytes, start);
      const isLast = bytes[end] === LINE_FEED;
      if (column === 0 && isLast && bytes[start] !== QUOTE && fieldText(bytes, start, end) === '')
        return end + 1;
      if (column < this.columns.length) addField(this.columns[column], bytes, position, end);
      position = end + 1;
      if (!isLast) continue;
      this.rows++;
      return position;
    }
  }

  private refuse(bytes: Buffer, start: number): never {
    splitLine(
      bytes.toString('utf8', start, bytes.indexOf(LINE_FEED, start)),
      `${this.path} line ${this.line}`,
    );
    throw new Error(`${this.path} line ${this.line}: quotes that only the bytes have wrong`);
  }
}

/** The common case is an integer of at most 15 digits; everything else is looked at as text. */
function addField(profile: ColumnProfile, bytes: Buffer, start: number, end: number): void {
  if (profile.hasText) return;
  const last = contentEnd(bytes, start, end);
  let position = contentStart(bytes, start);
  const isNegative = bytes[position] === MINUS;
  if (isNegative) position++;
  const first = position;
  while (position < last && (bytes[position] ^ 48) <= 9) position++;
  const digits = position - first;
  if (position < last || digits === 0 || digits > 15) {
    if (isFraction(bytes, position, last)) profile.hasReal = true;
    else addText(profile, fieldText(bytes, start, end));
    return;
  }
  if (digits > profile.digits) profile.digits = digits;
  if (!isNegative) return;
  profile.hasNegative = true;
  if (digits === 1 && bytes[first] === 48) profile.hasReal = true;
}

/** Whether a point with digits behind it is all that is left. */
function isFraction(bytes: Uint8Array, point: number, end: number): boolean {
  let position = point + 1;
  while (position < end && (bytes[position] ^ 48) <= 9) position++;
  return bytes[point] === POINT && position === end && position > point + 1;
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
