import { UserError } from '@hep/options';
import { goldenJson, goldenNpy } from '@hep/test-support';
import { parseQuantiser } from '../notation.ts';
import type { Quantiser } from '../quantiser.ts';

/** Nested list of numbers in the shortest decimals of float32. */
export type Nested = number | 'NaN' | 'Infinity' | '-Infinity' | readonly Nested[];

/** One quantiser of the golden files. */
export interface GoldenQuantiser {
  readonly spec: string;
  readonly out: Nested;
  readonly grad: Nested;
  readonly scale?: Nested;
  readonly max: number;
  readonly min: number;
  readonly str: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** The float32 numbers of a nested list in C order. */
export function flat(nested: Nested): number[] {
  return Array.isArray(nested) ? nested.flatMap(flat) : [Math.fround(Number(nested))];
}

const files = { '1d': 'elementwise.json', '2d': 'tensor_2d.json', '4d': 'tensor_4d.json' } as const;

/** Rank of a golden tensor. */
export type Rank = keyof typeof files;

/** Classes and functions of QKeras that this library leaves out. */
const isOther = (spec: string) => /quantized_(linear|ulaw)|^(hard|smooth)_/.test(spec);

/** Quantisers that have no value but 0, or NaN; we refuse them. */
export const isRefused = (spec: string) => /^quantized_bits\(1,.*"auto/.test(spec);

/** The golden quantisers of this library on one tensor. */
export function goldenQuantisers(rank: Rank): GoldenQuantiser[] {
  return goldenJson<GoldenQuantiser[]>('quant', files[rank]).filter(({ spec }) => !isOther(spec));
}

/** The tensor and the cotangent of its gradients. */
export function goldenTensors(rank: Rank) {
  return { x: goldenNpy('quant', `x_${rank}.npy`), cotangent: goldenNpy('quant', `cot_${rank}.npy`) };
}

/** The quantiser, or the message with which it is refused. */
export function tryParse(spec: string): Quantiser | string {
  try {
    return parseQuantiser(spec);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}
