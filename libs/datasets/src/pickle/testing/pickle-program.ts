/** Pieces of pickle programs, to write by hand what no honest program writes. */

const bytes = (...parts: readonly (Uint8Array | number)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : part)));

function littleEndian(value: number | bigint, size: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer.subarray(0, size);
}

/** A whole program of protocol 2. */
export const program = (...parts: readonly Uint8Array[]): Buffer => bytes(0x80, 2, ...parts, 0x2e);

export const global = (module: string, name: string): Buffer => Buffer.from(`c${module}\n${name}\n`);
export const text = (value: string): Buffer =>
  bytes(0x58, littleEndian(Buffer.byteLength(value), 4), Buffer.from(value));
export const integer = (value: number): Buffer =>
  bytes(0x4a, littleEndian(BigInt.asUintN(32, BigInt(value)), 4));
export const rawBytes = (value: Uint8Array): Buffer => bytes(0x42, littleEndian(value.length, 4), value);
/** Bytes that say that they are `length` long and are not there. */
export const missingBytes = (length: bigint): Buffer => bytes(0x8e, littleEndian(length, 8));
export const tuple = (...items: readonly Uint8Array[]): Buffer => bytes(0x28, ...items, 0x74);
export const list = (...items: readonly Uint8Array[]): Buffer => bytes(0x5d, 0x28, ...items, 0x65);
export const dict = (entries: Readonly<Record<string, Uint8Array>>): Buffer =>
  bytes(0x7d, 0x28, ...Object.entries(entries).flatMap(([key, value]) => [text(key), value]), 0x75);
export const call = (callee: Uint8Array, ...items: readonly Uint8Array[]): Buffer =>
  bytes(callee, tuple(...items), 0x52);
export const withState = (object: Uint8Array, state: Uint8Array): Buffer => bytes(object, state, 0x62);
export const newObject = (type: Uint8Array): Buffer => bytes(type, 0x29, 0x81);
/** Puts the value before it under a number, and gets it. */
export const put = (index: number): Buffer => bytes(0x71, index);
export const get = (index: number): Buffer => bytes(0x68, index);
/** An operation by its opcode. */
export const operation = (opcode: number): Buffer => Buffer.of(opcode);

/** A NumPy array of float64, or of texts. */
export function array(shape: readonly number[], values: Float64Array | readonly string[]): Buffer {
  const isNumbers = values instanceof Float64Array;
  const type = call(global('numpy', 'dtype'), text(isNumbers ? 'f8' : 'O8'), integer(0), integer(1));
  const dtype = withState(type, tuple(integer(3), text(isNumbers ? '<' : '|')));
  const data = isNumbers ? rawBytes(new Uint8Array(values.buffer)) : list(...values.map(text));
  const empty = call(
    global('numpy.core.multiarray', '_reconstruct'),
    global('numpy', 'ndarray'),
    tuple(),
    text('b'),
  );
  return withState(empty, tuple(integer(1), tuple(...shape.map(integer)), dtype, operation(0x89), data));
}

/** Labels of an axis. */
export const index = (labels: Uint8Array): Buffer =>
  call(
    global('pandas.core.indexes.base', '_new_Index'),
    global('pandas.core.indexes.base', 'Index'),
    dict({ data: labels }),
  );

export const range = (stop: Uint8Array): Buffer =>
  call(
    global('pandas.core.indexes.base', '_new_Index'),
    global('pandas.core.indexes.range', 'RangeIndex'),
    dict({ start: integer(0), stop, step: integer(1) }),
  );

/** A frame as pandas 1.2 and earlier save it. */
export function olderFrame(axes: Uint8Array, blocks: Uint8Array, key = '_mgr'): Buffer {
  const content = dict({ '0.14.1': dict({ axes, blocks }) });
  const manager = newObject(global('pandas.core.internals.managers', 'BlockManager'));
  const state = tuple(axes, list(), list(), content);
  return withState(
    newObject(global('pandas.core.frame', 'DataFrame')),
    dict({ [key]: withState(manager, state) }),
  );
}

export const slice = (start: number, stop: number): Buffer =>
  call(global('__builtin__', 'slice'), integer(start), integer(stop), integer(1));
