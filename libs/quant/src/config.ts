/** Descriptions of quantisers as plain data, with the arguments and defaults of QKeras 0.9.0. */

/**
 * Factor on the quantised value. `null` is 1; `auto` and `auto_po2` measure one factor per output channel (last axis),
 * the latter a power of two.
 */
export type Alpha = number | null | 'auto' | 'auto_po2';

/** Fixed point numbers of `bits` bits, sign included when `keepNegative`; step `2^(integer - bits + keepNegative)`. */
export interface QuantizedBits {
  readonly kind: 'quantized_bits';
  readonly bits: number;
  /** Bits left of the point, without the sign. */
  readonly integer: number;
  /** Leaves out the most negative number, so that the range is symmetric. Automatic scales always do. */
  readonly symmetric: boolean;
  readonly keepNegative: boolean;
  readonly alpha: Alpha;
  /** 0: the input, 1: the quantised value, between: a mixture. */
  readonly qnoiseFactor: number;
}

/** ReLU with an unsigned fixed point result of step `2^(integer - bits)`. */
export interface QuantizedRelu {
  readonly kind: 'quantized_relu';
  readonly bits: number;
  readonly integer: number;
  /** Replaces the identity by a piecewise linear sigmoid. */
  readonly useSigmoid: boolean;
  /** Slope for negative inputs: 0 or a power of two; costs a sign bit. */
  readonly negativeSlope: number;
  /** Largest result when `isQuantizedClip` is false. */
  readonly reluUpperBound: number | null;
  /** Whether the gradient ends at the largest number of the grid. */
  readonly isQuantizedClip: boolean;
  readonly qnoiseFactor: number;
}

/** Hyperbolic tangent, by default its piecewise linear form, on signed numbers of step `2^(1 - bits)`. */
export interface QuantizedTanh {
  readonly kind: 'quantized_tanh';
  readonly bits: number;
  readonly symmetric: boolean;
  readonly useRealTanh: boolean;
}

/** Sigmoid, by default its piecewise linear form, on unsigned numbers of step `2^-bits`. */
export interface QuantizedSigmoid {
  readonly kind: 'quantized_sigmoid';
  readonly bits: number;
  readonly symmetric: boolean;
  readonly useRealSigmoid: boolean;
}

/** The sign, 0 counting as positive: +-1, or 0 and 1. */
export interface Binary {
  readonly kind: 'binary';
  readonly use01: boolean;
  readonly alpha: Alpha;
}

/** -1, 0 or 1: zero within a threshold. */
export interface Ternary {
  readonly kind: 'ternary';
  readonly alpha: Alpha;
  /** Default 0.33; automatic scales have none. */
  readonly threshold: number | null;
  /** Rounds of the search for an automatic scale. */
  readonly numberOfUnrolls: number;
}

/** How powers of two are chosen. */
export interface PowerOfTwoSettings {
  readonly bits: number;
  /** Largest magnitude; null: as large as the exponent allows. */
  readonly maxValue: number | null;
  /** Only even exponents. */
  readonly quadraticApproximation: boolean;
  readonly log2Rounding: 'rnd' | 'floor';
  readonly qnoiseFactor: number;
}

/** A sign and a power of two. */
export interface QuantizedPo2 extends PowerOfTwoSettings {
  readonly kind: 'quantized_po2';
}

/** ReLU with a power of two as result, never 0. */
export interface QuantizedReluPo2 extends PowerOfTwoSettings {
  readonly kind: 'quantized_relu_po2';
  /** Slope for negative inputs: 0 or a power of two. */
  readonly negativeSlope: number;
}

/** Everything that determines a quantiser. */
export type QuantiserConfig =
  | QuantizedBits
  | QuantizedRelu
  | QuantizedTanh
  | QuantizedSigmoid
  | Binary
  | Ternary
  | QuantizedPo2
  | QuantizedReluPo2;

/** Class names of QKeras. */
export type QuantiserKind = QuantiserConfig['kind'];

type WithDefaults<Config> = Config extends { readonly kind: infer Kind }
  ? { readonly kind: Kind } & Partial<Omit<Config, 'kind'>>
  : never;

/** A configuration in which everything but `kind` may be left to QKeras' defaults. */
export type QuantiserSettings = WithDefaults<QuantiserConfig>;

/** The configuration with that `kind`. */
export type ConfigOf<Kind extends QuantiserKind> = Extract<QuantiserConfig, { readonly kind: Kind }>;

/** Bits of a quantised number, its sign included. */
export function bitsOf(config: QuantiserConfig): number {
  if ('bits' in config) return config.bits;
  return config.kind === 'binary' ? 1 : 2;
}
