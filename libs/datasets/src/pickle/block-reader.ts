/** Columns of some rows out of the blocks of a frame. */
import { UserError } from '@hep/options/user-error';
import type { Column, Numbers, RowRange } from '../columns/column.ts';
import type { FrameColumn } from './frame-columns.ts';
import { readBytes } from './frame-columns.ts';
import { numbersFromBytes } from './numpy-numbers.ts';
import { itemBytes } from './numpy-values.ts';
import type { PickleSource } from './pickle-source.ts';
import type { PickleArray, PickleValue } from './values.ts';

const PIECE_BYTES = 2 ** 22;
/** Columns of one allocation: few large ones cost less collection of garbage than many small ones. */
const JOINED_BYTES = 2 ** 25;

/** A wanted column with its name. */
export interface NamedColumn extends FrameColumn {
  readonly name: string;
}

/**
 * Columns of the rows [first, end) of one block.
 * @throws UserError for columns that are neither numbers nor texts
 */
export async function readBlock(
  source: PickleSource,
  array: PickleArray,
  wanted: readonly NamedColumn[],
  range: RowRange,
): Promise<Column[]> {
  if (array.items !== undefined) {
    return wanted.map((column) => objectColumn(source.path, array.items!, column, range));
  }
  const parts = array.isFortran
    ? await columnsOfFortranOrder(source, array, wanted, range)
    : await columnsOfCOrder(source, array, wanted, range);
  return parts.map((bytes, i) => {
    const values = numbersFromBytes(array.dtype, bytes);
    if (values !== undefined) return { kind: 'flat', values };
    throw new UserError(
      `${source.path}: column ${wanted[i].name} has the NumPy type ${array.dtype.code}, expected numbers or texts; leave it out`,
    );
  });
}

/** In C order a column is one stretch of bytes; neighbours of which most rows are wanted are read together. */
async function columnsOfCOrder(
  source: PickleSource,
  { bytes, dtype, shape: [, rows] }: PickleArray,
  wanted: readonly NamedColumn[],
  { first, end }: RowRange,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const size = itemBytes(dtype);
  const isJoined = 2 * (end - first) >= rows && rows * size <= JOINED_BYTES;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let i = 0; i < wanted.length;) {
    const count = isJoined ? neighbours(wanted, i, Math.floor(JOINED_BYTES / Math.max(1, rows * size))) : 1;
    const stride = rows * size;
    const length = (count - 1) * stride + (end - first) * size;
    const stretch = new Uint8Array(length);
    await readBytes(source, bytes, wanted[i].place * stride + first * size, stretch);
    for (let k = 0; k < count; k++) {
      parts.push(stretch.subarray(k * stride, k * stride + (end - first) * size));
    }
    i += count;
  }
  return parts;
}

/** How many columns from `start` on, at most `limit`, follow each other in the block, too. */
function neighbours(wanted: readonly NamedColumn[], start: number, limit: number): number {
  let count = 1;
  while (
    count < limit &&
    start + count < wanted.length &&
    wanted[start + count].place === wanted[start].place + count
  ) {
    count++;
  }
  return count;
}

/** In Fortran order the columns of a row lie beside each other; all wanted ones are picked in one pass. */
async function columnsOfFortranOrder(
  source: PickleSource,
  { bytes, dtype, shape: [width] }: PickleArray,
  wanted: readonly NamedColumn[],
  { first, end }: RowRange,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const size = itemBytes(dtype);
  const parts = wanted.map(() => new Uint8Array((end - first) * size));
  const pieceRows = Math.max(1, Math.floor(PIECE_BYTES / (width * size)));
  for (let row = first; row < end; row += pieceRows) {
    const count = Math.min(pieceRows, end - row);
    const piece = new Uint8Array(count * width * size);
    await readBytes(source, bytes, row * width * size, piece);
    parts.forEach((part, i) =>
      pick(piece, width * size, wanted[i].place * size, part, (row - first) * size, size),
    );
  }
  return parts;
}

/** Takes `size` bytes at `offset` of every `stride` bytes. */
function pick(
  from: Uint8Array<ArrayBuffer>,
  stride: number,
  offset: number,
  to: Uint8Array<ArrayBuffer>,
  start: number,
  size: number,
): void {
  const Words = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: BigUint64Array }[size] ?? Uint8Array;
  const unit = Words.BYTES_PER_ELEMENT;
  const source = new Words(from.buffer);
  const target = new Words(to.buffer);
  const [step, width] = [stride / unit, size / unit];
  for (let i = offset / unit, j = start / unit; i < source.length; i += step) {
    for (let k = 0; k < width; k++) target[j++] = source[i + k];
  }
}

function objectColumn(
  path: string,
  items: readonly PickleValue[],
  { place, name, type, array }: NamedColumn,
  { first, end }: RowRange,
): Column {
  const start = place * array.shape[1];
  const values = items.slice(start + first, start + end);
  if (type === 'text') {
    const gap = values.indexOf(null);
    if (gap < 0) return { kind: 'text', values: values as string[] };
    throw new UserError(`${path} row ${first + gap}, column ${name}: nothing, expected a text in every row`);
  }
  const numbers: Numbers = Float64Array.from(values, (value, row) => {
    if (value === null) return NaN;
    if (typeof value === 'number' || typeof value === 'boolean') return Number(value);
    throw new UserError(
      `${path} row ${first + row}, column ${name}: an object that is no number, expected texts alone or numbers alone`,
    );
  });
  return { kind: 'flat', values: numbers };
}
