import fc from 'fast-check';
import type { QuantiserSettings } from '../config.ts';

const flag = fc.boolean();
const factor = fc.constantFrom(null, 1, 2, 0.5, 0.25);
const symbolic = fc.constantFrom('auto' as const, 'auto_po2' as const);
const widths = fc
  .integer({ min: 2, max: 12 })
  .chain((bits) => fc.integer({ min: 0, max: bits }).map((integer) => ({ bits, integer })));

/** Quantisers whose values do not depend on the tensor. */
export const anyFixedSettings: fc.Arbitrary<QuantiserSettings> = fc.oneof(
  fc.tuple(widths, flag, flag, factor).map(([width, symmetric, keepNegative, alpha]) => ({
    kind: 'quantized_bits' as const,
    ...width,
    symmetric,
    keepNegative,
    alpha,
  })),
  widths.map((width) => ({ kind: 'quantized_relu' as const, ...width })),
  fc.tuple(fc.integer({ min: 2, max: 10 }), flag, flag).map(([bits, symmetric, useRealTanh]) => ({
    kind: 'quantized_tanh' as const,
    bits,
    symmetric,
    useRealTanh,
  })),
  fc.tuple(fc.integer({ min: 2, max: 10 }), flag, flag).map(([bits, symmetric, useRealSigmoid]) => ({
    kind: 'quantized_sigmoid' as const,
    bits,
    symmetric,
    useRealSigmoid,
  })),
  fc.tuple(flag, factor).map(([use01, alpha]) => ({ kind: 'binary' as const, use01, alpha })),
  fc
    .tuple(factor, fc.constantFrom(null, 0.2, 0.5))
    .map(([alpha, threshold]) => ({ kind: 'ternary' as const, alpha, threshold })),
);

/** Any quantiser. */
export const anySettings: fc.Arbitrary<QuantiserSettings> = fc.oneof(
  anyFixedSettings,
  fc.tuple(widths, symbolic).map(([width, alpha]) => ({ kind: 'quantized_bits' as const, ...width, alpha })),
  fc.tuple(widths, fc.constantFrom(0, 0.25, 1), flag).map(([width, negativeSlope, useSigmoid]) => ({
    kind: 'quantized_relu' as const,
    ...width,
    negativeSlope,
    useSigmoid,
  })),
  fc.tuple(symbolic, fc.integer({ min: 1, max: 6 })).map(([alpha, numberOfUnrolls]) => ({
    kind: 'ternary' as const,
    alpha,
    numberOfUnrolls,
  })),
  fc
    .tuple(
      fc.integer({ min: 3, max: 6 }),
      fc.constantFrom(null, 0.5, 1, 4),
      flag,
      fc.constantFrom('rnd' as const, 'floor' as const),
      fc.constantFrom('quantized_po2' as const, 'quantized_relu_po2' as const),
    )
    .map(([bits, maxValue, quadraticApproximation, log2Rounding, kind]) => ({
      kind,
      bits,
      maxValue,
      quadraticApproximation,
      log2Rounding,
    })),
);
