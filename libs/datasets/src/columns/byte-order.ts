/** Numbers of other machines and of other forms, turned into what typed arrays hold. */
import type { NumberType } from './number-types.ts';
import { bytesOf } from './number-types.ts';

/** Turns the bytes of numbers of `size` bytes around, in place. */
export function swapBytes(bytes: Uint8Array, size: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (size === 2) buffer.swap16();
  else if (size === 4) buffer.swap32();
  else if (size === 8) buffer.swap64();
}

/** Makes every byte of booleans 0 or 1, in place. */
export function normaliseBooleans(bytes: Uint8Array): void {
  for (let i = 0; i < bytes.length; i++) bytes[i] = bytes[i] === 0 ? 0 : 1;
}

/** Turns big-endian numbers into the machine's order, in place. The bytes must begin at a multiple of their size. */
export function toMachineOrder(type: NumberType, bytes: Uint8Array): void {
  swapBytes(bytes, bytesOf(type));
  if (type === 'bool') normaliseBooleans(bytes);
}

/** The number of 16 bits of half precision (IEEE 754): sign, 5 bits of exponent (bias 15), 10 bits of fraction. */
export function numberOfHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
