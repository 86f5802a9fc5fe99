/** NumPy arrays, data types and scalars as pickles build them. */
import type { PickleMachine } from './pickle-machine.ts';
import { readLatin1 } from './latin1.ts';
import { numbersFromBytes } from './numpy-numbers.ts';
import type { PickleValue } from './values.ts';
import {
  kindOf,
  LongText,
  PickleArray,
  PickleBytes,
  PickleDtype,
  PickleList,
  PickleTuple,
} from './values.ts';

/** Bytes of a value, from a code such as `f8`. */
export function itemBytes({ code }: PickleDtype): number {
  return Number(code.slice(1));
}

/** `dtype('f8', False, True)`. */
export function dtypeFrom(machine: PickleMachine, [code]: readonly PickleValue[]): PickleDtype {
  if (typeof code !== 'string' || !/^[a-zA-Z?]\d{0,9}$/.test(code)) {
    throw machine.error(
      `dtype ${typeof code === 'string' ? `"${code.slice(0, 40)}"` : `of ${kindOf(code)}`}, expected one like f8`,
    );
  }
  return new PickleDtype(code);
}

/** State of a dtype: version, byte order, then what only structured types have. */
export function setDtypeState(machine: PickleMachine, dtype: PickleDtype, state: PickleValue): void {
  const order = state instanceof PickleTuple ? state.items[1] : undefined;
  if (typeof order !== 'string' || !['<', '>', '=', '|'].includes(order)) {
    throw machine.error('byte order of a dtype is missing, expected < or >');
  }
  dtype.isBigEndian = order === '>';
}

/** State of an array: version, shape, dtype, whether in Fortran order, and bytes or the list of objects. */
export function setArrayState(machine: PickleMachine, array: PickleArray, state: PickleValue): void {
  const items = state instanceof PickleTuple ? state.items : [];
  const [shape, dtype, isFortran, data] = items.slice(-4);
  array.shape = shapeFrom(machine, shape);
  if (!(dtype instanceof PickleDtype)) throw machine.error(`dtype of an array is ${kindOf(dtype)}`);
  array.dtype = dtype;
  array.isFortran = isFortran === true;
  if (data instanceof PickleList) array.items = data.items;
  else if (data instanceof PickleBytes) array.bytes = data;
  else throw machine.error(`data of an array are ${kindOf(data)}, expected bytes or a list`);
  checkLength(machine, array);
}

/** `_frombuffer(bytes, dtype, shape, order)`. */
export function arrayFromBuffer(machine: PickleMachine, items: readonly PickleValue[]): PickleArray {
  const [bytes, dtype, shape, order] = items;
  const state = new PickleTuple([shape, dtype, order === 'F', bytes]);
  const array = new PickleArray();
  setArrayState(machine, array, state);
  return array;
}

/** `scalar(dtype, bytes)`. */
export function scalarFrom(machine: PickleMachine, [dtype, bytes]: readonly PickleValue[]): PickleValue {
  const isSmall = bytes instanceof PickleBytes && bytes.source instanceof Uint8Array;
  if (!(dtype instanceof PickleDtype) || !isSmall || bytes.length !== itemBytes(dtype)) {
    throw machine.error(`a scalar of ${kindOf(dtype)} and ${kindOf(bytes)}`);
  }
  const numbers = numbersFromBytes(dtype, Uint8Array.from(bytes.source as Uint8Array));
  if (numbers === undefined) throw machine.error(`a scalar of type ${dtype.code}`);
  return numbers[0];
}

/** `encode(text, 'latin1')`: how protocol 2 holds bytes. */
export function bytesFromText(machine: PickleMachine, [text, encoding]: readonly PickleValue[]): PickleBytes {
  if (encoding !== 'latin1') throw machine.error(`bytes encoded as ${kindOf(encoding)}, expected latin1`);
  if (!(text instanceof LongText) && typeof text !== 'string') {
    throw machine.error(`bytes of ${kindOf(text)}, expected a text`);
  }
  if (text instanceof LongText) machine.spendBytes(text.length);
  const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : readLatin1(machine.source, text);
  return new PickleBytes(bytes.length, bytes);
}

function shapeFrom(machine: PickleMachine, shape: PickleValue | undefined): number[] {
  const sizes = shape instanceof PickleTuple ? shape.items : [shape];
  const isSize = (size: PickleValue | undefined) =>
    typeof size === 'number' && Number.isSafeInteger(size) && size >= 0;
  if (sizes.length > 2 || !sizes.every(isSize)) {
    throw machine.error('shape of an array is not one or two whole numbers');
  }
  return sizes as number[];
}

function checkLength(machine: PickleMachine, { shape, items, bytes, dtype }: PickleArray): void {
  const expected = shape.reduce((product, size) => product * size, 1);
  if (items !== undefined) {
    if (items.length === expected) return;
    throw machine.error(`${items.length} objects for an array of shape ${shape.join(' x ')}`);
  }
  if (bytes.length === expected * itemBytes(dtype)) return;
  throw machine.error(
    `${bytes.length} bytes for an array of shape ${shape.join(' x ')} and type ${dtype.code}`,
  );
}
