/** Names of the number types of columns and the arrays that hold them. */
import type { Numbers } from './column.ts';

/** Arrays by type name; `bool` is 0 or 1. */
export const NUMBER_ARRAYS = {
  float64: Float64Array,
  float32: Float32Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
} as const;

/** Type of a number, as in `ColumnFile.types`. */
export type NumberType = keyof typeof NUMBER_ARRAYS;

/** Bytes of one number. */
export function bytesOf(type: NumberType): number {
  return NUMBER_ARRAYS[type].BYTES_PER_ELEMENT;
}

/** An array of zeros of a type. */
export function emptyNumbers(type: NumberType, length: number): Numbers {
  return new NUMBER_ARRAYS[type](length);
}

/** Type of the numbers in an array; `Uint8Array` counts as `uint8`. */
export function numberTypeOf(values: Numbers): NumberType {
  const found = Object.entries(NUMBER_ARRAYS).find(([, array]) => values instanceof array);
  return (found?.[0] ?? 'float64') as NumberType;
}

/** Numbers over the bytes themselves; `bytes` must start at a multiple of the size of the type. */
export function numbersOver(type: NumberType, bytes: Uint8Array<ArrayBuffer>): Numbers {
  const array = NUMBER_ARRAYS[type];
  return new array(bytes.buffer, bytes.byteOffset, bytes.byteLength / array.BYTES_PER_ELEMENT);
}
