import type { NumberType } from '../columns/number-types.ts';
import { bytesOf } from '../columns/number-types.ts';

/** Turns big-endian numbers into the machine's order, in place. The bytes must begin at a multiple of their size. */
export function toMachineOrder(type: NumberType, bytes: Uint8Array): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const size = bytesOf(type);
  if (size === 2) buffer.swap16();
  else if (size === 4) buffer.swap32();
  else if (size === 8) buffer.swap64();
  else if (type === 'bool') for (let i = 0; i < bytes.length; i++) bytes[i] = bytes[i] === 0 ? 0 : 1;
}
