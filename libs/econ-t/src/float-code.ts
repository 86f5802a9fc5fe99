/** The chip's small floating point numbers: exponent and mantissa of an unsigned integer whose lowest bits are dropped. */

/** Widths of a code in bits. */
export interface FloatFormat {
  readonly exponentBits: number;
  readonly mantissaBits: number;
}

/** 4E+3M, 7 bits: charges of trigger cells. */
export const CHARGE_CODE: FloatFormat = { exponentBits: 4, mantissaBits: 3 };
/** 5E+3M, 8 bits: module sums of threshold sum and best choice. */
export const SUM_CODE: FloatFormat = { exponentBits: 5, mantissaBits: 3 };
/** 5E+4M, 9 bits: sums of super trigger cells, module sum of the autoencoder. */
export const WIDE_SUM_CODE: FloatFormat = { exponentBits: 5, mantissaBits: 4 };

/** Which number of a code's bin stands for it. */
export type BinPoint = 'edge' | 'quarter' | 'centre';

/** Number of different codes. */
export function codeCount({ exponentBits, mantissaBits }: FloatFormat): number {
  return 2 ** (exponentBits + mantissaBits);
}

/**
 * Code of an integer 0..2^32-1: the `mantissaBits` bits after the leading one of `value >> droppedBits`, truncated;
 * small numbers as they are (exponent 0), numbers above the range as all ones (`encode` of the reference).
 */
export function encodeFloat(value: number, format: FloatFormat, droppedBits = 0): number {
  const { exponentBits, mantissaBits } = format;
  const exponent = Math.max(0, 32 - Math.clz32(value) - mantissaBits - droppedBits);
  if (exponent >= 1 << exponentBits) return (1 << (exponentBits + mantissaBits)) - 1;
  const shift = droppedBits + Math.max(0, exponent - 1);
  const mantissa = shift > 31 ? 0 : (value >>> shift) & ((1 << mantissaBits) - 1);
  return (exponent << mantissaBits) | mantissa;
}

/** Number that a code stands for (`decode` of the reference): by default the middle of its bin. */
export function decodeFloat(
  code: number,
  { mantissaBits }: FloatFormat,
  droppedBits = 0,
  point: BinPoint = 'centre',
): number {
  const exponent = code >> mantissaBits;
  const mantissa = code & ((1 << mantissaBits) - 1);
  const significand = exponent === 0 ? mantissa : mantissa + (1 << mantissaBits);
  const binBits = Math.max(0, exponent - 1) + droppedBits;
  const edge = significand * 2 ** binBits;
  if (point === 'centre' && binBits > 0) return edge + 2 ** (binBits - 1);
  if (point === 'quarter' && binBits > 1) return edge + 2 ** (binBits - 2);
  return edge;
}

/** Numbers of all codes in order, as {@link decodeFloat} gives them. */
export function decodingTable(
  format: FloatFormat,
  droppedBits = 0,
  point: BinPoint = 'centre',
): Float64Array {
  return Float64Array.from({ length: codeCount(format) }, (_, code) =>
    decodeFloat(code, format, droppedBits, point),
  );
}
