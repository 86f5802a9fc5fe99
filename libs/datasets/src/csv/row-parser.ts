/** Lines of comma-separated numbers into typed columns: one pass over the bytes. */
import type { FileLayout, TableBuilder } from './columns.ts';
import { decimalFromBytes } from './decimal.ts';
import { contentEnd, contentStart, fieldEnd, fieldText } from './fields.ts';
import { fieldNumber, lineFields } from './odd-line.ts';
import { LINE_FEED as NEW_LINE } from './source.ts';
import type { LineBlock } from './source.ts';

/** Bytes as the digit loop sees them, XOR 48: digits are 0 to 9, everything else is larger. */
const COMMA = 44 ^ 48;
const LINE_FEED = 10 ^ 48;
const POINT = 46 ^ 48;
const MINUS = 45 ^ 48;
const SKIPPED = -1;
/**
 * Most charges have one to three digits. They are read as one word with their comma: the comma's place gives the
 * length, the digits are shifted to the top of the word, and one addition tests all of them.
 */
const COMMAS = 0x2c2c2c2c;
const ZEROS = 0x30303030;
const HIGH_BITS = 0x80808080 | 0;
/** Adding it sets the high bit of every byte above 9. */
const ABOVE_NINE = 0x76767676;

/** Sets the high bit of the lowest zero byte of a word, and perhaps some above it; 0 when no byte is zero. */
function zeroBytes(word: number): number {
  return (word - 0x01010101) & ~word & HIGH_BITS;
}

/** Digits before the first comma of a word; 0 unless they are all that is before it, one to three. */
function shortLength(word: number): number {
  const commas = zeroBytes(word ^ COMMAS);
  if (commas === 0) return 0;
  const length = (31 - Math.clz32(commas & -commas)) >> 3;
  const shift = 32 - 8 * length;
  const digits = (word ^ ZEROS) << shift;
  return (((digits + ABOVE_NINE) | digits) & (HIGH_BITS << shift)) === 0 ? length : 0;
}

/** The number of the first `length` digits of a word. */
function shortNumber(word: number, length: number): number {
  const digits = (word ^ ZEROS) << (32 - 8 * length);
  return (digits >>> 24) + 10 * ((digits >>> 16) & 255) + 100 * ((digits >>> 8) & 255);
}

/** Mantissas of at most 9 digits fit an int32; their quotient by an exact power of ten is rounded once. */
const EXACT_DIGITS = 9;
const divisors = Float64Array.from({ length: 16 }, (_, digits) => 10 ** digits);

/** Parses the lines of one file into a table. */
export class RowParser {
  /** Number of the last line read, from 1. */
  line = 0;
  /** Data rows seen, kept or not. */
  rowsRead = 0;
  private readonly slots: Int32Array;
  private readonly isSigned: boolean;
  private readonly width: number;
  /** Of the block and the table in work: its bytes, its matrix and where the row under way begins in that. */
  private view: DataView = new DataView(new ArrayBuffer(0));
  private matrix = new Float32Array(0);
  private base = 0;
  private table: TableBuilder;
  private keepRow: (row: number) => boolean;

  /**
   * @param begin gives the table to fill, and a function that is called after row `table.rows` is written; false
   * drops it
   * @param rowLimit rows to read at most
   */
  constructor(
    private readonly path: string,
    private readonly layout: FileLayout,
    private readonly begin: () => { builder: TableBuilder; keepRow: (row: number) => boolean },
    private readonly rowLimit: number,
  ) {
    const { builder, keepRow } = begin();
    this.table = builder;
    this.keepRow = keepRow;
    this.slots = slotsOf(layout, builder);
    this.width = builder.shape.width;
    this.isSigned = builder.shape.matrixCheck !== 'non-negative';
  }

  /** Goes on in a new table. */
  openTable(): void {
    const { builder, keepRow } = this.begin();
    this.table = builder;
    this.keepRow = keepRow;
  }

  /** Reads a block of whole lines; returns false once the row limit is reached. Throws UserError on a bad line. */
  parse({ bytes, start, end }: LineBlock): boolean {
    const { table, slots, rowLimit } = this;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    table.reserve(Math.min(rowLimit - this.rowsRead, Math.ceil((end - start) / Math.max(2, slots.length))));
    this.matrix = table.matrix;
    let position = start;
    while (position < end) {
      if (this.rowsRead >= rowLimit) return false;
      this.line++;
      this.base = table.rows * this.width;
      const next = this.parseLine(bytes, position);
      if (next > 0) {
        position = next;
      } else if (bytes[position] === NEW_LINE) {
        position++;
        continue;
      } else {
        const lineEnd = bytes.indexOf(NEW_LINE, position);
        if (!this.parseOddLine(bytes, position, lineEnd)) {
          position = lineEnd + 1;
          continue;
        }
        position = lineEnd + 1;
      }
      table.lines[table.rows] = this.line;
      this.rowsRead++;
      if (this.keepRow(table.rows)) table.rows++;
    }
    return this.rowsRead < rowLimit;
  }

  /**
   * Reads the line at `start` into row `table.rows`: one loop for all of its fields, since a call for each costs a tenth of the
   * time. Returns the position of the next line, or 0 when the line has fields that are not acceptable as they stand, or another
   * number of them.
   */
  private parseLine(bytes: Buffer, start: number): number {
    const { slots, view, matrix, base, width, isSigned } = this;
    const last = slots.length - 1;
    let position = start;
    for (let column = 0; column <= last; column++) {
      const slot = slots[column];
      if (slot >= 0 && slot < width) {
        const word = view.getInt32(position, true);
        const length = shortLength(word);
        if (length > 0) {
          matrix[base + slot] = shortNumber(word, length);
          position += length + 1;
          if (column === last) return 0;
          continue;
        }
      }
      const first = position;
      let digit = bytes[position] ^ 48;
      const isNegative = digit === MINUS;
      if (isNegative) digit = bytes[++position] ^ 48;
      let begin = position;
      let mantissa = 0;
      for (; digit <= 9; digit = bytes[++position] ^ 48) mantissa = (Math.imul(mantissa, 10) + digit) | 0;
      let digits = position - begin;
      let decimals = 0;
      if (digit === POINT) {
        begin = ++position;
        for (digit = bytes[position] ^ 48; digit <= 9; digit = bytes[++position] ^ 48)
          mantissa = (Math.imul(mantissa, 10) + digit) | 0;
        decimals = position - begin;
        digits += decimals;
      }
      const isPlain = digits > 0 && digits <= EXACT_DIGITS && (digit === COMMA || digit === LINE_FEED);
      if (isPlain && slot < width && (isSigned || !isNegative)) {
        if (slot >= 0) {
          const size = decimals === 0 ? mantissa : mantissa / divisors[decimals];
          matrix[base + slot] = isNegative ? -size : size;
        }
        position++;
      } else {
        position = this.parseField(bytes, first, slot);
        if (position === 0) return 0;
        digit = bytes[position - 1] ^ 48;
      }
      if (digit === LINE_FEED) return column === last ? position : 0;
    }
    return 0;
  }

  /** A field of any kind. Returns as `parsePlain`, 0 when it is not acceptable as it stands. */
  private parseField(bytes: Buffer, start: number, slot: number): number {
    const end = fieldEnd(bytes, start);
    if (end === 0 || (slot >= 0 && !this.store(bytes, start, end, slot))) return 0;
    return end + 1;
  }

  /** Stores the field `bytes[start, end)` into its column; false when it is not acceptable as it stands. */
  private store(bytes: Buffer, start: number, end: number, slot: number): boolean {
    const { numbers, shape, rows } = this.table;
    const isMatrix = slot < this.width;
    if (slot >= this.width + numbers.length) {
      this.storeText(fieldText(bytes, start, end), slot);
      return true;
    }
    const [first, last] = [contentStart(bytes, start), contentEnd(bytes, start, end)];
    const value = decimalFromBytes(bytes, first, last, isMatrix);
    if (isMatrix) this.matrix[this.base + slot] = value;
    else numbers[slot - this.width][rows] = value;
    if (isMatrix && shape.matrixCheck === 'non-negative') return value >= 0;
    return !Number.isNaN(value) || (first === last && !isMatrix);
  }

  private storeText(text: string, slot: number): void {
    const { table } = this;
    const index = slot - table.shape.width - table.numbers.length;
    table.codes[index][table.rows] = table.code(index, text);
  }

  /** A line that the fast path left: blank (returns false), quoted, with blanks or long numbers, or wrong (throws). */
  private parseOddLine(bytes: Buffer, start: number, lineEnd: number): boolean {
    const end = bytes[lineEnd - 1] === 13 && lineEnd > start ? lineEnd - 1 : lineEnd;
    const text = bytes.toString('utf8', start, end);
    if (text.trim() === '') return false;
    const fields = lineFields(text, this.layout, this.where());
    for (const [column, target] of this.layout.targets) {
      const slot = this.slots[column];
      if (target.kind === 'text') this.storeText(fields[column].trim(), slot);
      else this.storeChecked(fields[column], column, slot);
    }
    return true;
  }

  private storeChecked(text: string, column: number, slot: number): void {
    const { table } = this;
    const isMatrix = slot < table.shape.width;
    const check = isMatrix ? table.shape.matrixCheck : 'missing';
    const where = () => `${this.where()}, column ${this.columnLabel(column)}`;
    const value = fieldNumber(text, check, isMatrix, where);
    if (isMatrix) table.matrix[table.rows * table.shape.width + slot] = value;
    else table.numbers[slot - table.shape.width][table.rows] = value;
  }

  /** `data.csv line 7`, or with the number of the row. */
  private where(): string {
    const { rowName } = this.layout;
    return `${this.path} line ${this.line}${rowName === undefined ? '' : ` (${rowName} ${this.rowsRead})`}`;
  }

  /** `7 (CALQ_6)`, or `7` without a header. */
  private columnLabel(column: number): string {
    return this.layout.hasHeader ? `${column + 1} (${this.layout.columnNames[column]})` : `${column + 1}`;
  }
}

/** Where each file column goes: matrix columns first, then numbers, then texts; -1 for columns not wanted. */
function slotsOf(layout: FileLayout, { shape }: TableBuilder): Int32Array {
  const slots = new Int32Array(layout.columnNames.length).fill(SKIPPED);
  for (const [column, target] of layout.targets) {
    if (target.kind === 'matrix') slots[column] = target.index;
    else if (target.kind === 'number') slots[column] = shape.width + shape.numbers.indexOf(target.name);
    else slots[column] = shape.width + shape.numbers.length + shape.texts.indexOf(target.name);
  }
  return slots;
}
