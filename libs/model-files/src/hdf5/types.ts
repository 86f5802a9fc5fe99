import { Hdf5Error, type Hdf5Bytes } from './bytes.ts';

/** Element types that Keras weight files use. Sizes in bytes. */
export type ElementType =
  | { readonly kind: 'float'; readonly size: 4 | 8 }
  | { readonly kind: 'fixedText'; readonly size: number }
  | { readonly kind: 'variableText'; readonly size: 16 }
  | { readonly kind: 'other'; readonly size: number };

const FLOAT_CLASS = 1;
const TEXT_CLASS = 3;
const VARIABLE_LENGTH_CLASS = 9;
/** Bit fields of IEEE little-endian floats: bits 1-31 of the datatype class word and its properties. */
const IEEE_PROPERTIES: Readonly<Record<number, string>> = {
  4: '0,32,23,8,0,23,127',
  8: '0,64,52,11,0,52,1023',
};

/** Reads a datatype message. Integers, compounds and big-endian or odd floats come back as `other`. */
export function readElementType(bytes: Hdf5Bytes, offset: number): ElementType {
  const classAndVersion = bytes.u8(offset);
  const flags = bytes.u8(offset + 1);
  const size = bytes.u32(offset + 4);
  switch (classAndVersion & 0x0f) {
    case FLOAT_CLASS: {
      const bigEndian = (flags & 0x41) !== 0;
      const standard = IEEE_PROPERTIES[size] === floatProperties(bytes, offset + 8);
      return !bigEndian && standard && (size === 4 || size === 8)
        ? { kind: 'float', size }
        : { kind: 'other', size };
    }
    case TEXT_CLASS:
      if (size === 0) throw new Hdf5Error(`damaged: text of zero bytes at offset ${offset}`);
      return { kind: 'fixedText', size };
    case VARIABLE_LENGTH_CLASS:
      return (flags & 0x0f) === 1 && size === 16 ? { kind: 'variableText', size } : { kind: 'other', size };
    default:
      return { kind: 'other', size };
  }
}

function floatProperties(bytes: Hdf5Bytes, offset: number): string {
  return [
    bytes.u16(offset),
    bytes.u16(offset + 2),
    bytes.u8(offset + 4),
    bytes.u8(offset + 5),
    bytes.u8(offset + 6),
    bytes.u8(offset + 7),
    bytes.u32(offset + 8),
  ].join();
}

const MAX_RANK = 32;

/** Reads a dataspace message: the dimensions, `[]` for a scalar. */
export function readShape(bytes: Hdf5Bytes, offset: number): number[] {
  const version = bytes.u8(offset);
  const rank = bytes.u8(offset + 1);
  if ((version !== 1 && version !== 2) || rank > MAX_RANK) {
    throw new Hdf5Error(`damaged: impossible array shape at offset ${offset}`);
  }
  const isNull = version === 2 && bytes.u8(offset + 3) === 2;
  if (isNull) return [0];
  const first = offset + (version === 1 ? 8 : 4);
  return Array.from({ length: rank }, (_, axis) => bytes.length64(first + 8 * axis));
}

/** Number of elements; throws when it is no longer exact. */
export function elementCount(shape: readonly number[]): number {
  const count = shape.reduce((product, size) => product * size, 1);
  if (!Number.isSafeInteger(count))
    throw new Hdf5Error(`damaged: impossible array shape [${shape.join(', ')}]`);
  return count;
}
