import { roundHalfEven } from '@hep/statistics';
import type { QuantiserConfig } from './config.ts';

/** The values of a quantiser with one step: `code * 2 ** exponent` for whole codes from `lowest` to `highest`. */
export interface Grid {
  readonly exponent: number;
  readonly lowest: number;
  readonly highest: number;
}

/**
 * The grid of a `quantized_bits` without a scale and of a plain `quantized_relu`; null for all other quantisers, whose
 * values depend on the tensor or are no multiples of a power of two.
 */
export function gridOf(config: QuantiserConfig): Grid | null {
  if (config.kind === 'quantized_relu') {
    const { bits, integer, negativeSlope, useSigmoid, isQuantizedClip, reluUpperBound, qnoiseFactor } =
      config;
    const isPlain = negativeSlope === 0 && !useSigmoid && (isQuantizedClip || reluUpperBound === null);
    if (!isPlain || qnoiseFactor !== 1) return null;
    return { exponent: integer - bits, lowest: 0, highest: 2 ** bits - 1 };
  }
  if (config.kind !== 'quantized_bits' || config.qnoiseFactor !== 1) return null;
  const { bits, integer, symmetric, keepNegative, alpha } = config;
  const magnitudeBits = bits - Number(keepNegative);
  if (magnitudeBits === 0 || (alpha !== null && alpha !== 1)) return null;
  return {
    exponent: integer - magnitudeBits,
    lowest: keepNegative ? -(2 ** magnitudeBits) + Number(symmetric) : 0,
    highest: 2 ** magnitudeBits - 1,
  };
}

/** The code of the grid's value for a number: rounded half to even, saturated. */
export function codeOf({ exponent, lowest, highest }: Grid, value: number): number {
  return Math.min(Math.max(roundHalfEven(value * 2 ** -exponent), lowest), highest) + 0;
}
