/** Codes of members in class descriptions (`TStreamerInfo::EReadWrite` of ROOT) and how their numbers are stored. */
import type { ByteCursor } from './byte-cursor.ts';

/** Added to the code of a number for a fixed array of them, and for an array with a counter. */
export const FIXED_ARRAY = 20;
export const COUNTED_ARRAY = 40;

export const BASE_CLASS = 0;
export const OBJECT_INSIDE: readonly number[] = [61, 62, 63, 68];
export const OBJECT_POINTER: readonly number[] = [64, 69];
export const TEXT = 65;
export const TOBJECT = 66;
export const TNAMED = 67;
export const STL = 300;
export const STL_TEXT = 365;
export const CUSTOM_STREAMER = 500;

/** Readers of single numbers by code. Truncated floats (Float16_t 19, Double32_t 9) are not among them. */
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
  11: { bytes: 1, read: (cursor) => cursor.uint8() },
  12: { bytes: 2, read: (cursor) => cursor.uint16() },
  13: { bytes: 4, read: (cursor) => cursor.uint32() },
  14: { bytes: 8, read: (cursor) => cursor.uint64() },
  15: { bytes: 4, read: (cursor) => cursor.uint32() },
  16: { bytes: 8, read: (cursor) => cursor.int64() },
  17: { bytes: 8, read: (cursor) => cursor.uint64() },
  18: { bytes: 1, read: (cursor) => cursor.uint8() },
};
