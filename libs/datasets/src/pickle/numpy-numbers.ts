/** From the bytes of a NumPy array to numbers in the machine's byte order. */
import { normaliseBooleans, numberOfHalf, swapBytes } from '../columns/byte-order.ts';
import type { Numbers } from '../columns/column.ts';
import type { NumberType } from '../columns/number-types.ts';
import { numbersOver } from '../columns/number-types.ts';
import type { PickleDtype } from './values.ts';

const TYPES: Readonly<Record<string, NumberType>> = {
  b1: 'bool',
  i1: 'int8',
  u1: 'uint8',
  i2: 'int16',
  u2: 'uint16',
  i4: 'int32',
  u4: 'uint32',
  i8: 'int64',
  u8: 'uint64',
  f2: 'float32',
  f4: 'float32',
  f8: 'float64',
};

/** Column type of a NumPy type; float16 becomes float32. Undefined for what is no number. */
export function numberTypeOfDtype({ code }: Pick<PickleDtype, 'code'>): NumberType | undefined {
  return TYPES[code];
}

/**
 * Numbers over `bytes`, which are changed into the machine's order in place and must be alone in their buffer or
 * aligned. Undefined for what is no number.
 */
export function numbersFromBytes(
  dtype: Pick<PickleDtype, 'code' | 'isBigEndian'>,
  bytes: Uint8Array<ArrayBuffer>,
): Numbers | undefined {
  const type = numberTypeOfDtype(dtype);
  if (type === undefined) return undefined;
  if (dtype.isBigEndian) swapBytes(bytes, Number(dtype.code.slice(1)));
  if (dtype.code === 'f2')
    return Float32Array.from(new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2), numberOfHalf);
  if (type === 'bool') normaliseBooleans(bytes);
  return numbersOver(type, bytes);
}
