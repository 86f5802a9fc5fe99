/** Decimal numbers from bytes, equal to what `Number(text)` gives. */

/** Powers of ten that a float64 holds exactly. */
const exactPowers = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** Mantissas below count every integer in float64. */
const EXACT_MANTISSA = 2 ** 53;
const LARGEST_FLOAT32 = (2 - 2 ** -23) * 2 ** 127;

/**
 * Reads `[+-]digits[.digits][e[+-]digits]` from `bytes[start, end)`; the byte at `end` must be no digit.
 *
 * A mantissa below 2^53 times or divided by an exact power of ten is rounded once, hence correctly. Longer mantissas
 * are within 1e-15 of the truth; for float32 (`isFloat32`) that decides the rounding unless the value lies next to a
 * midpoint. Returns NaN where the text is not of that form or the rounding is not certain; ask
 * {@link decimalFromText} then.
 */
export function decimalFromBytes(bytes: Uint8Array, start: number, end: number, isFloat32: boolean): number {
  let position = start;
  const isNegative = bytes[position] === 45;
  if (isNegative || bytes[position] === 43) position++;
  const digitsStart = position;
  let mantissa = 0;
  for (let digit = bytes[position] ^ 48; digit <= 9; digit = bytes[++position] ^ 48) {
    mantissa = mantissa * 10 + digit;
  }
  let digits = position - digitsStart;
  let scale = 0;
  if (bytes[position] === 46) {
    const fractionStart = ++position;
    for (let digit = bytes[position] ^ 48; digit <= 9; digit = bytes[++position] ^ 48) {
      mantissa = mantissa * 10 + digit;
    }
    scale = fractionStart - position;
    digits -= scale;
  }
  if (digits === 0 || digits > 22) return NaN;
  if (position < end) {
    const exponent = exponentFromBytes(bytes, position, end);
    if (Number.isNaN(exponent)) return NaN;
    scale += exponent;
  }
  if (scale < -22 || scale > 22) return mantissa === 0 ? (isNegative ? -0 : 0) : NaN;
  const value = scale < 0 ? mantissa / exactPowers[-scale] : mantissa * exactPowers[scale];
  if (isFloat32 && value > LARGEST_FLOAT32) return NaN;
  if (mantissa >= EXACT_MANTISSA && !(isFloat32 && isFarFromMidpoint(value))) return NaN;
  return isNegative ? -value : value;
}

/** `e-05` -> -5; NaN unless all of `bytes[start, end)` is an exponent of at most four digits. */
function exponentFromBytes(bytes: Uint8Array, start: number, end: number): number {
  if ((bytes[start] | 32) !== 101) return NaN;
  let position = start + 1;
  const isNegative = bytes[position] === 45;
  if (isNegative || bytes[position] === 43) position++;
  if (position === end || end - position > 4) return NaN;
  let exponent = 0;
  for (; position < end; position++) {
    const digit = bytes[position] ^ 48;
    if (digit > 9) return NaN;
    exponent = exponent * 10 + digit;
  }
  return isNegative ? -exponent : exponent;
}

/** True when every number within 2e-15 (relative) of `value` rounds to the same float32. */
function isFarFromMidpoint(value: number): boolean {
  return Math.fround(value * (1 - 2e-15)) === Math.fround(value * (1 + 2e-15));
}

/** Reads decimal text; NaN for anything else, infinities and hexadecimal included. Surrounding blanks are allowed. */
export function decimalFromText(text: string): number {
  const trimmed = text.trim();
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : NaN;
}
