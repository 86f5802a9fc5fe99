/** Double32_t and Float16_t: numbers stored with fewer bits, as the comment of the member or the title of the leaf says. */
import type { ByteCursor } from '../file/byte-cursor.ts';

/** How such a number is stored. */
export type Packing =
  /** 4 bytes: an integer, in units of 1 / `factor` above `minimum`. */
  | { readonly kind: 'scaled'; readonly minimum: number; readonly factor: number }
  /** 3 bytes: the exponent of a float32, then so many bits of its mantissa behind the sign. */
  | { readonly kind: 'truncated'; readonly bits: number };

const DEFAULT_FLOAT16_BITS = 12;
/** From here on a Double32_t without range is a whole float32. */
const FULL_FLOAT_BITS = 15;
const MOST_BITS = 32;
const RANGE = /\[([^[\],]*),([^[\],]*)(?:,\s*(\d+)\s*)?\]/;

/**
 * The packing that a comment like `[0,100,16]` or `[-pi,pi]` asks for: lower and upper limit, bits; equal limits for
 * bits of the mantissa alone. Undefined for a Double32_t without: a float32.
 */
export function packingOf(comment: string, isFloat16: boolean): Packing | undefined {
  const [, low, high, digits] = RANGE.exec(comment) ?? [];
  const asked = digits === undefined ? MOST_BITS : Number(digits);
  const bits = asked < 2 || asked > MOST_BITS ? MOST_BITS : asked;
  const minimum = limit(low ?? '0');
  const maximum = limit(high ?? '0');
  if (minimum < maximum) {
    const steps = bits < MOST_BITS ? 2 ** bits : 2 ** MOST_BITS - 1;
    return { kind: 'scaled', minimum, factor: steps / (maximum - minimum) };
  }
  if (low !== undefined && bits < FULL_FLOAT_BITS) return { kind: 'truncated', bits };
  return isFloat16 ? { kind: 'truncated', bits: DEFAULT_FLOAT16_BITS } : undefined;
}

/** A limit: a number, or a multiple or part of pi. */
function limit(text: string): number {
  if (!text.includes('pi')) return Number.parseFloat(text) || 0;
  const size = /2\*?pi|twopi/.test(text) ? 2 : /pi\/2/.test(text) ? 1 / 2 : /pi\/4/.test(text) ? 1 / 4 : 1;
  return (text.includes('-') ? -size : size) * Math.PI;
}

/** Bytes that such a number takes. */
export function packedBytes({ kind }: Packing): number {
  return kind === 'scaled' ? 4 : 3;
}

/** The next number. */
export function readPacked(cursor: ByteCursor, packing: Packing): number {
  if (packing.kind === 'scaled') return cursor.uint32() / packing.factor + packing.minimum;
  const { bits } = packing;
  const exponent = cursor.uint8();
  const mantissa = cursor.uint16();
  const sign = 2 ** (bits + 1);
  words[0] = (exponent << 23) | ((mantissa & (sign - 1)) << (23 - bits));
  return (mantissa & sign) === 0 ? floats[0] : -floats[0];
}

const words = new Uint32Array(1);
const floats = new Float32Array(words.buffer);
