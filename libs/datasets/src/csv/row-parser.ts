/** Lines of comma-separated numbers into typed columns: one pass over the bytes. */
import type { FileLayout, TableBuilder } from './columns.ts';
import { decimalFromBytes } from './decimal.ts';
import { fieldNumber, lineFields } from './odd-line.ts';
import { LINE_FEED as NEW_LINE } from './source.ts';
import type { LineBlock } from './source.ts';

/** Bytes as the digit loop sees them, XOR 48: digits are 0 to 9, everything else is larger. */
const COMMA = 44 ^ 48;
const LINE_FEED = 10 ^ 48;
const POINT = 46 ^ 48;
const MINUS = 45 ^ 48;
const QUOTE = 34 ^ 48;
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
  private view: DataView = new DataView(new ArrayBuffer(0));
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
    let position = start;
    while (position < end) {
      if (this.rowsRead >= rowLimit) return false;
      this.line++;
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
   * Reads the line at `position` into row `table.rows`. Returns the position of the next line, or 0 when the line is
   * not plain numbers in the right number of columns.
   */
  private parseLine(bytes: Uint8Array, start: number): number {
    const { table, slots, view } = this;
    const { matrix } = table;
    const { width } = table.shape;
    const row = table.rows;
    const base = row * width;
    const last = slots.length - 1;
    const isSigned = table.shape.matrixCheck !== 'non-negative';
    let position = start;
    for (let column = 0; column <= last; column++) {
      const slot = slots[column];
      const word = view.getInt32(position, true);
      const commas = zeroBytes(word ^ COMMAS);
      if (commas !== 0 && slot >= 0 && slot < width) {
        const length = (31 - Math.clz32(commas & -commas)) >> 3;
        const shift = 32 - 8 * length;
        const digits = (word ^ ZEROS) << shift;
        if (length > 0 && (((digits + ABOVE_NINE) | digits) & (HIGH_BITS << shift)) === 0) {
          matrix[base + slot] = (digits >>> 24) + 10 * ((digits >>> 16) & 255) + 100 * ((digits >>> 8) & 255);
          position += length + 1;
          continue;
        }
      }
      const fieldStart = position;
      let digit = bytes[position] ^ 48;
      const isNegative = digit === MINUS;
      if (isNegative) digit = bytes[++position] ^ 48;
      const digitsStart = position;
      let mantissa = 0;
      while (digit <= 9) {
        mantissa = (Math.imul(mantissa, 10) + digit) | 0;
        digit = bytes[++position] ^ 48;
      }
      let digits = position - digitsStart;
      let decimals = 0;
      if (digit === POINT) {
        const fractionStart = ++position;
        digit = bytes[position] ^ 48;
        while (digit <= 9) {
          mantissa = (Math.imul(mantissa, 10) + digit) | 0;
          digit = bytes[++position] ^ 48;
        }
        decimals = position - fractionStart;
        digits += decimals;
      }
      const isPlain = digits > 0 && digits <= EXACT_DIGITS && (digit === COMMA || digit === LINE_FEED);
      if (isPlain && slot < width && (isSigned || !isNegative)) {
        if (slot >= 0) {
          const size = decimals === 0 ? mantissa : mantissa / divisors[decimals];
          matrix[base + slot] = isNegative ? -size : size;
        }
      } else {
        while (digit !== COMMA && digit !== LINE_FEED) {
          if (digit === QUOTE) return 0;
          digit = bytes[++position] ^ 48;
        }
        const hasReturn = digit === LINE_FEED && bytes[position - 1] === 13;
        if (slot >= 0 && !this.store(bytes, fieldStart, hasReturn ? position - 1 : position, slot, row))
          return 0;
      }
      position++;
      if (digit === COMMA) {
        if (column === last) return 0;
      } else return column === last ? position : 0;
    }
    return 0;
  }

  /** Stores the field `bytes[start, end)` into its column; false when it is not acceptable as it stands. */
  private store(bytes: Uint8Array, start: number, end: number, slot: number, row: number): boolean {
    const { matrix, numbers, shape } = this.table;
    if (slot >= shape.width + numbers.length) return this.storeText(textOf(bytes, start, end), slot, row);
    const isMatrix = slot < shape.width;
    const value = decimalFromBytes(bytes, start, end, isMatrix);
    if (isMatrix) matrix[row * shape.width + slot] = value;
    else numbers[slot - shape.width][row] = value;
    return isMatrix && shape.matrixCheck === 'non-negative' ? value >= 0 : !Number.isNaN(value);
  }

  private storeText(text: string, slot: number, row: number): boolean {
    const index = slot - this.table.shape.width - this.table.numbers.length;
    this.table.codes[index][row] = this.table.code(index, text.trim());
    return true;
  }

  /** A line that the fast path left: blank (returns false), quoted, with blanks or long numbers, or wrong (throws). */
  private parseOddLine(bytes: Uint8Array, start: number, lineEnd: number): boolean {
    const end = bytes[lineEnd - 1] === 13 && lineEnd > start ? lineEnd - 1 : lineEnd;
    const text = textOf(bytes, start, end);
    if (text.trim() === '') return false;
    const fields = lineFields(text, this.layout, this.where());
    for (const [column, target] of this.layout.targets) {
      const slot = this.slots[column];
      if (target.kind === 'text') this.storeText(fields[column], slot, this.table.rows);
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

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
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
