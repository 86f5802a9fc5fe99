/** Where each column of a pandas frame lies: its block, and its place in the block. */
import { UserError } from '@hep/options/user-error';
import { numberTypeOfDtype, numbersFromBytes } from './numpy-numbers.ts';
import type { PickleSource } from './pickle-source.ts';
import type { PickleFrame, PickleIndex, PickleBytes } from './values.ts';
import { PickleArray, PickleSlice } from './values.ts';

const MOST_COLUMNS = 2 ** 20;
const MOST_OBJECTS = 2 ** 25;

/** A column of a frame: row `place` of `array` [columns of the block, rows]. */
export interface FrameColumn {
  readonly array: PickleArray;
  readonly place: number;
  /** As in `ColumnFile.types`; the NumPy code where it is neither number nor text. */
  readonly type: string;
}

/** Rows and columns of a frame. */
export interface FrameColumns {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, FrameColumn>;
}

/**
 * Checks a frame and finds its columns; nothing but labels is read.
 * @throws UserError when blocks, labels and shapes do not fit together
 */
export async function frameColumns(source: PickleSource, { manager }: PickleFrame): Promise<FrameColumns> {
  const damaged = (text: string) =>
    new UserError(`${source.path}: ${text}; the file is damaged, write it anew`);
  if (manager?.axes.length !== 2) throw damaged('the table has no two axes');
  const [columnAxis, rowAxis] = manager.axes;
  const rows = axisLength(rowAxis);
  const count = axisLength(columnAxis);
  if (count > MOST_COLUMNS) throw damaged(`${count} columns, more than ${MOST_COLUMNS}`);
  const names = await labels(source, columnAxis, damaged);
  const columns: FrameColumn[] = [];
  for (const { values, places } of manager.blocks) {
    const [width, length] = values.shape;
    if (values.shape.length !== 2 || length !== rows) {
      throw damaged(`a block of shape ${values.shape.join(' x ')} in a table of ${rows} rows`);
    }
    if (values.items !== undefined && values.items.length !== width * length) {
      throw damaged(`${values.items.length} objects in a block of shape ${values.shape.join(' x ')}`);
    }
    const positions = await wholeNumbers(source, places, width, damaged);
    positions.forEach((position, place) => {
      if (!(position >= 0 && position < count) || columns[position] !== undefined) {
        throw damaged(`column ${position} of ${count} in a block, out of range or twice`);
      }
      columns[position] = { array: values, place, type: '' };
    });
  }
  return { rows, columns: typedColumns(names, columns, rows, damaged) };
}

function typedColumns(
  names: readonly string[],
  columns: readonly (FrameColumn | undefined)[],
  rows: number,
  damaged: (text: string) => UserError,
): Map<string, FrameColumn> {
  let objects = 0;
  const typed = new Map<string, FrameColumn>();
  names.forEach((name, position) => {
    const column = columns[position];
    if (column === undefined) throw damaged(`column ${name} has no block`);
    if (typed.has(name)) throw damaged(`column ${name} stands twice`);
    if (column.array.items !== undefined) objects += rows;
    if (objects > MOST_OBJECTS) throw damaged(`more than ${MOST_OBJECTS} objects`);
    typed.set(name, { ...column, type: typeOf(column, rows) });
  });
  return typed;
}

function typeOf({ array, place }: FrameColumn, rows: number): string {
  if (array.items === undefined) return numberTypeOfDtype(array.dtype) ?? array.dtype.code;
  const items = array.items.slice(place * rows, (place + 1) * rows);
  const isText = items.every((item) => item === null || typeof item === 'string');
  return isText && (rows === 0 || items.some((item) => item !== null)) ? 'text' : 'float64';
}

function axisLength({ labels }: PickleIndex): number {
  if (labels instanceof PickleArray) return labels.shape[0];
  return sliceLength(labels);
}

function sliceLength({ start, stop, step }: PickleSlice): number {
  return step === 0 ? 0 : Math.max(0, Math.ceil((stop - start) / step));
}

/** Labels of the columns as texts. */
async function labels(
  source: PickleSource,
  { labels }: PickleIndex,
  damaged: (text: string) => UserError,
): Promise<string[]> {
  const objects = labels instanceof PickleArray ? labels.items : undefined;
  const values = objects ?? (await wholeNumbers(source, labels, axisLength({ labels }), damaged));
  return values.map((label, position) => {
    if (typeof label === 'string' || typeof label === 'number') return String(label);
    throw damaged(`the name of column ${position} is no text`);
  });
}

/** Values of a slice or of an array of integers. */
async function wholeNumbers(
  source: PickleSource,
  from: PickleArray | PickleSlice,
  length: number,
  damaged: (text: string) => UserError,
): Promise<number[]> {
  if (from instanceof PickleSlice) {
    if (length > MOST_COLUMNS || sliceLength(from) !== length) {
      throw damaged(`${sliceLength(from)} places for ${length} columns`);
    }
    return Array.from({ length }, (_, i) => from.start + i * from.step);
  }
  if (from.shape.length !== 1 || from.shape[0] !== length || length > MOST_COLUMNS) {
    throw damaged(`places of shape ${from.shape.join(' x ')} for ${length} columns`);
  }
  const bytes = new Uint8Array(from.bytes.length);
  await readBytes(source, from.bytes, 0, bytes);
  const numbers = numbersFromBytes(from.dtype, bytes);
  if (numbers === undefined) throw damaged(`column labels or places of type ${from.dtype.code}`);
  return Array.from(numbers, Number);
}

/** Copies bytes from `offset` on into `target`, from memory or from the file. */
export async function readBytes(
  source: PickleSource,
  { source: place }: PickleBytes,
  offset: number,
  target: Uint8Array,
): Promise<void> {
  if (place instanceof Uint8Array) target.set(place.subarray(offset, offset + target.length));
  else await source.read(place.offset + offset, target);
}
