/** NumPy's `.npy` format (version 1 to 3), numbers only, and `.npz`, an archive of such files. */
import { zipArchive } from './zip-write.ts';

/** Numbers of an array; booleans are 0 and 1 in a `Uint8Array`. */
export type NumpyValues =
  | Float64Array
  | Float32Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** An array in C order. */
export interface NumpyArray {
  readonly shape: readonly number[];
  readonly values: NumpyValues;
  /** Whether a `Uint8Array` holds booleans. */
  readonly isBoolean?: boolean;
}

/** Bytes that are no array of numbers; the caller adds the name of the file. */
export class NpyError extends Error {
  override readonly name = 'NpyError';
}

const ARRAYS = {
  f8: Float64Array,
  f4: Float32Array,
  i1: Int8Array,
  u1: Uint8Array,
  b1: Uint8Array,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  u4: Uint32Array,
  i8: BigInt64Array,
  u8: BigUint64Array,
} as const;
type Code = keyof typeof ARRAYS;

const MAGIC = '\x93NUMPY';
const ALIGNMENT = 64;

/** The bytes of a `.npy` file. */
export function npyBytes({ shape, values, isBoolean = false }: NumpyArray): Uint8Array {
  const code = isBoolean ? 'b1' : codeOf(values);
  const order = values.BYTES_PER_ELEMENT === 1 ? '|' : '<';
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${order}${code}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const length = Math.ceil((10 + text.length + 1) / ALIGNMENT) * ALIGNMENT - 10;
  const header = Buffer.alloc(10 + length, ' ');
  header.write(`${MAGIC}\x01\x00`, 'latin1');
  header.writeUInt16LE(length, 8);
  header.write(text, 10, 'latin1');
  header[header.length - 1] = '\n'.charCodeAt(0);
  return Buffer.concat([header, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)]);
}

function codeOf(values: NumpyValues): Code {
  const found = Object.entries(ARRAYS).find(([, array]) => values instanceof array);
  return (found?.[0] ?? 'f8') as Code;
}

/** The bytes of a `.npz` file; `numpy.load` gives the arrays by these names. */
export function npzBytes(arrays: Readonly<Record<string, NumpyArray>>): Uint8Array {
  const entries = Object.entries(arrays).map(([key, array]) => [`${key}.npy`, npyBytes(array)] as const);
  return zipArchive(Object.fromEntries(entries));
}

/** What the first bytes of a `.npy` file say. */
export interface NpyHeader {
  readonly shape: readonly number[];
  readonly code: string;
  readonly isBigEndian: boolean;
  /** Position of the first number. */
  readonly start: number;
}

/** @throws NpyError when the bytes do not begin as a `.npy` file in C order */
export function npyHeader(bytes: Buffer): NpyHeader {
  if (bytes.length < 12 || bytes.toString('latin1', 0, 6) !== MAGIC) throw new NpyError('not a NumPy array');
  const isLong = bytes[6] > 1;
  const textAt = isLong ? 12 : 10;
  const start = textAt + (isLong ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8));
  if (start > bytes.length) throw new NpyError('the header of the array is cut off');
  const text = bytes.toString('latin1', textAt, start);
  const [, order, code] = /'descr':\s*'([<>|=])(\w+)'/.exec(text) ?? [];
  const shape = /'shape':\s*\(([\d, ]*)\)/.exec(text)?.[1];
  if (code === undefined || shape === undefined) throw new NpyError('not an array of plain numbers');
  const sizes = shape.split(',').filter((size) => size.trim() !== '');
  if (/'fortran_order':\s*True/.test(text) && sizes.length > 1) {
    throw new NpyError('in Fortran order; save numpy.ascontiguousarray of it');
  }
  return { shape: sizes.map(Number), code, isBigEndian: order === '>', start };
}

/**
 * An array of numbers in the machine's byte order, in memory of its own; of the rows [first, end) of the first axis, or
 * all.
 * @throws NpyError when the bytes are no array of numbers in C order, or fewer than its shape says
 */
export function parseNpyBytes(
  bytes: Buffer,
  rows?: { readonly first: number; readonly end: number },
): NumpyArray {
  const { shape, code, isBigEndian, start } = npyHeader(bytes);
  const array = ARRAYS[code as Code] as (typeof ARRAYS)[Code] | undefined;
  if (array === undefined) throw new NpyError(`of type ${code}, expected numbers`);
  const size = array.BYTES_PER_ELEMENT;
  const count = shape.reduce((product, length) => product * length, 1);
  if (bytes.length - start !== count * size) {
    throw new NpyError(
      `${bytes.length - start} bytes for an array of shape ${shape.join(' x ')} and type ${code}`,
    );
  }
  const { first, end } = rows ?? { first: 0, end: shape[0] ?? 1 };
  const width = shape.slice(1).reduce((product, length) => product * length, 1);
  const part = bytes.subarray(start + first * width * size, start + end * width * size);
  const own = Buffer.from(Uint8Array.from(part).buffer);
  if (isBigEndian && size > 1) swapBytes(own, size);
  const values = new array(own.buffer as ArrayBuffer, 0, own.length / size);
  return { shape: [end - first, ...shape.slice(1)], values, isBoolean: code === 'b1' };
}

function swapBytes(bytes: Buffer, size: number): void {
  if (size === 2) bytes.swap16();
  else if (size === 4) bytes.swap32();
  else bytes.swap64();
}
