/** From the bytes of a NumPy array to numbers in the machine's byte order. */
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
    return float32FromHalves(new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2));
  if (type === 'bool') for (let i = 0; i < bytes.length; i++) bytes[i] = bytes[i] === 0 ? 0 : 1;
  return numbersOver(type, bytes);
}

function swapBytes(bytes: Uint8Array<ArrayBuffer>, itemBytes: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (itemBytes === 2) buffer.swap16();
  else if (itemBytes === 4) buffer.swap32();
  else if (itemBytes === 8) buffer.swap64();
}

/** IEEE 754 half precision: sign, 5 bits of exponent (bias 15), 10 bits of fraction. */
function float32FromHalves(halves: Uint16Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(halves, (half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
    return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
}
