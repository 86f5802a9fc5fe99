/** Codes of members in class descriptions (`TStreamerInfo::EReadWrite` of ROOT) and how their numbers are stored. */
import type { ByteCursor } from '../file/byte-cursor.ts';
import type { NumberType } from '../number-type.ts';

/** Added to the code of a number for a fixed array of them, and for an array with a counter. */
export const FIXED_ARRAY = 20;
export const COUNTED_ARRAY = 40;

export const BASE_CLASS = 0;
export const OBJECT_INSIDE: readonly number[] = [61, 62, 63, 68];
export const OBJECT_POINTER: readonly number[] = [64, 69];
export const DOUBLE32 = 9;
export const FLOAT16 = 19;
export const TEXT = 65;
export const TOBJECT = 66;
export const TNAMED = 67;
export const STL = 300;
export const STL_TEXT = 365;
export const CUSTOM_STREAMER = 500;

const numberTypes: Readonly<Record<number, NumberType>> = {
  1: 'int8',
  2: 'int16',
  3: 'int32',
  4: 'int64',
  5: 'float32',
  6: 'int32',
  8: 'float64',
  11: 'uint8',
  12: 'uint16',
  13: 'uint32',
  14: 'uint64',
  15: 'uint32',
  16: 'int64',
  17: 'uint64',
  18: 'bool',
};

/** The type of a single number by code, undefined for anything else, packed numbers included. */
export function numberOfCode(code: number): NumberType | undefined {
  return numberTypes[code];
}

/** Readers of single numbers by code; the truncated floats 9 (Double32_t) and 19 (Float16_t) as they are without range. */
export const numberReaders: Readonly<
  Record<number, { bytes: number; read: (cursor: ByteCursor) => number }>
> = {
  1: { bytes: 1, read: (cursor) => cursor.int8() },
  2: { bytes: 2, read: (cursor) => cursor.int16() },
  3: { bytes: 4, read: (cursor) => cursor.int32() },
  4: { bytes: 8, read: (cursor) => cursor.int64() },
  5: { bytes: 4, read: (cursor) => cursor.float32() },
  6: { bytes: 4, read: (cursor) => cursor.int32() },
  8: { bytes: 8, read: (cursor) => cursor.float64() },
  9: { bytes: 4, read: (cursor) => cursor.float32() },
  11: { bytes: 1, read: (cursor) => cursor.uint8() },
  12: { bytes: 2, read: (cursor) => cursor.uint16() },
  13: { bytes: 4, read: (cursor) => cursor.uint32() },
  14: { bytes: 8, read: (cursor) => cursor.uint64() },
  15: { bytes: 4, read: (cursor) => cursor.uint32() },
  16: { bytes: 8, read: (cursor) => cursor.int64() },
  17: { bytes: 8, read: (cursor) => cursor.uint64() },
  18: { bytes: 1, read: (cursor) => cursor.uint8() },
  19: { bytes: 3, read: readFloat16 },
};

/** Float16_t: a byte with the exponent, then sign and 12 bits of the mantissa. */
function readFloat16(cursor: ByteCursor): number {
  const exponent = cursor.uint8();
  const mantissa = cursor.uint16();
  const fraction = 1 + (mantissa & 0xfff) / 2 ** 12;
  const value = exponent === 0 ? 0 : fraction * 2 ** (exponent - 127);
  return (mantissa & 0x2000) === 0 ? value : -value;
}
