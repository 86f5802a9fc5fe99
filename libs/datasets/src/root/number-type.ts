/** Types of stored numbers: big-endian in the file, typed arrays in memory. */
import type { Numbers } from '../columns/column.ts';

/** A number type as columns name it. */
export type NumberType =
  | 'bool'
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float32'
  | 'float64';

type NumbersConstructor = new (buffer: ArrayBuffer, byteOffset: number, length: number) => Numbers;

interface Storage {
  readonly bytes: 1 | 2 | 4 | 8;
  readonly array: NumbersConstructor;
}

const storages: Readonly<Record<NumberType, Storage>> = {
  bool: { bytes: 1, array: Uint8Array },
  int8: { bytes: 1, array: Int8Array },
  uint8: { bytes: 1, array: Uint8Array },
  int16: { bytes: 2, array: Int16Array },
  uint16: { bytes: 2, array: Uint16Array },
  int32: { bytes: 4, array: Int32Array },
  uint32: { bytes: 4, array: Uint32Array },
  int64: { bytes: 8, array: BigInt64Array },
  uint64: { bytes: 8, array: BigUint64Array },
  float32: { bytes: 4, array: Float32Array },
  float64: { bytes: 8, array: Float64Array },
};

/** Bytes of one number. */
export function bytesOf(type: NumberType): number {
  return storages[type].bytes;
}

/** A buffer of `count` numbers as an array of that type; it shares the memory. */
export function asNumbers(type: NumberType, bytes: Uint8Array<ArrayBuffer>): Numbers {
  const { array: Constructor, bytes: size } = storages[type];
  return new Constructor(bytes.buffer, bytes.byteOffset, bytes.length / size);
}

/** Turns big-endian numbers into the machine's order, in place. The bytes must begin at a multiple of their size. */
export function toMachineOrder(type: NumberType, bytes: Uint8Array): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const size = storages[type].bytes;
  if (size === 2) buffer.swap16();
  else if (size === 4) buffer.swap32();
  else if (size === 8) buffer.swap64();
  else if (type === 'bool') for (let i = 0; i < bytes.length; i++) bytes[i] = bytes[i] === 0 ? 0 : 1;
}
