/** Floating-point numbers of few bits, after the rules of IEEE 754. */

/** A sign bit, exponent and mantissa. */
export interface FloatFormat {
  readonly exponentBits: number;
  readonly mantissaBits: number;
}

/** IEEE half precision. */
export const FLOAT16: FloatFormat = { exponentBits: 5, mantissaBits: 10 };
/** Eight bits with more mantissa than exponent. */
export const FLOAT8: FloatFormat = { exponentBits: 4, mantissaBits: 3 };

/** Bits of a number. */
export function bitsOf({ exponentBits, mantissaBits }: FloatFormat): number {
  return 1 + exponentBits + mantissaBits;
}

/** Largest finite number of a format. */
export function largest({ exponentBits, mantissaBits }: FloatFormat): number {
  return (2 - 2 ** -mantissaBits) * 2 ** (2 ** (exponentBits - 1) - 1);
}

/** The nearest number of the format, ties to even; what is too large becomes the largest one. */
export function roundToFloat(value: number, format: FloatFormat): number {
  if (value === 0 || Number.isNaN(value)) return value;
  const size = Math.abs(value);
  const smallestExponent = 2 - 2 ** (format.exponentBits - 1);
  const exponent = Math.max(exponentOf(size), smallestExponent);
  const step = 2 ** (exponent - format.mantissaBits);
  const rounded = roundEven(size / step) * step;
  return Math.sign(value) * Math.min(rounded, largest(format));
}

/** floor(log2(size)), exact for powers of two, too. */
function exponentOf(size: number): number {
  const guess = Math.floor(Math.log2(size));
  if (2 ** guess > size) return guess - 1;
  return 2 ** (guess + 1) <= size ? guess + 1 : guess;
}

function roundEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest === 0.5 ? below + (below % 2) : Math.round(value);
}

const word = new Float32Array(1);
const bits = new Uint32Array(word.buffer);

/** Bit pattern of the nearest half-precision number; infinite where it is too large. */
export function halfBits(value: number): number {
  word[0] = value;
  const sign = (bits[0] >>> 16) & 0x8000;
  const size = bits[0] & 0x7fffffff;
  if (size > 0x7f800000) return 0x7e00;
  if (size >= 0x477ff000) return sign | 0x7c00;
  if (size < 0x38800000) {
    word[0] = Math.abs(value) + 0.5; // the sum's last bit is 2^-24, the step of subnormal halves
    return sign | (bits[0] - 0x3f000000);
  }
  const odd = (size >>> 13) & 1;
  return sign | ((size - 0x38000000 + 0xfff + odd) >>> 13);
}
