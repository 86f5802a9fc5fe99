/** Codes of members in class descriptions (`TStreamerInfo::EReadWrite` of ROOT) and how their numbers are stored. */
import type { ByteCursor } from '../file/byte-cursor.ts';
import type { NumberType } from '../../columns/number-types.ts';
import { bytesOf } from '../../columns/number-types.ts';
import { packedBytes, packingOf, readPacked } from '../tree/packed-number.ts';

/** Added to the code of a number for a fixed array of them. */
export const FIXED_ARRAY = 20;
/** Added to the code of a number for an array whose length another member tells. */
export const COUNTED_ARRAY = 40;

/** Code of a base class. */
export const BASE_CLASS = 0;
/** Codes of objects in place, or of pointers whose object is stored in place. */
export const OBJECT_INSIDE: readonly number[] = [61, 62, 63, 68];
/** Codes of pointers to objects. */
export const OBJECT_POINTER: readonly number[] = [64, 69];
/** Code of a Double32_t. */
export const DOUBLE32 = 9;
/** Code of a Float16_t. */
export const FLOAT16 = 19;
/** Code of a TString. */
export const TEXT = 65;
/** Code of a TObject. */
export const TOBJECT = 66;
/** Code of a TNamed. */
export const TNAMED = 67;
/** Code of an STL container. */
export const STL = 300;
/** Code of a std::string. */
export const STL_TEXT = 365;
/** Code of a class with its own way to write itself. */
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

/** How a single number is read, and the bytes that it takes. */
export interface NumberReader {
  readonly bytes: number;
  readonly read: (cursor: ByteCursor) => number;
}

const readers: Readonly<Record<NumberType, NumberReader['read']>> = {
  bool: (cursor) => cursor.uint8(),
  int8: (cursor) => cursor.int8(),
  uint8: (cursor) => cursor.uint8(),
  int16: (cursor) => cursor.int16(),
  uint16: (cursor) => cursor.uint16(),
  int32: (cursor) => cursor.int32(),
  uint32: (cursor) => cursor.uint32(),
  int64: (cursor) => cursor.int64(),
  uint64: (cursor) => cursor.uint64(),
  float32: (cursor) => cursor.float32(),
  float64: (cursor) => cursor.float64(),
};

const packing = packingOf('', true)!;

const numberReaders: ReadonlyMap<number, NumberReader> = new Map([
  ...Object.entries(numberTypes).map(([code, type]) => [Number(code), readerOf(type)] as const),
  [DOUBLE32, readerOf('float32')],
  [FLOAT16, { bytes: packedBytes(packing), read: (cursor) => readPacked(cursor, packing) }],
]);

function readerOf(type: NumberType): NumberReader {
  return { bytes: bytesOf(type), read: readers[type] };
}

/** The reader of a number by code, undefined for anything else; Double32_t and Float16_t as they are without range. */
export function numberReader(code: number): NumberReader | undefined {
  return numberReaders.get(code);
}
