import type { Shape } from '@hep/nn';
import { sizeOf } from '@hep/nn';
import { UserError } from '@hep/options';

/** Whole numbers; Float64Array where 32 bits do not hold them. */
export type Codes = Int32Array | Float64Array;

/** What flows between two stages, of one row: `codes * 2 ** exponent`. */
export interface Signal {
  readonly codes: Codes;
  readonly shape: Shape;
  readonly exponent: number;
  /** No code is larger in magnitude. */
  readonly bound: number;
}

/** One step of the computation: `run` fills `signal` from the signals it was made with. */
export interface Stage {
  readonly signal: Signal;
  run(): void;
}

/** Whole numbers with a step, such as the quantised weights of a layer. */
export interface CodedTensor {
  readonly codes: Codes;
  readonly shape: Shape;
  readonly exponent: number;
}

const INT32_BOUND = 2 ** 31 - 1;

/**
 * A signal with room for codes up to `bound`.
 * @throws UserError when they are not exact in float64
 */
export function signalOf(layer: string, shape: Shape, exponent: number, bound: number): Signal {
  return { codes: codesFor(layer, sizeOf(shape), bound), shape, exponent, bound };
}

/** Zeros with room for codes up to `bound`; `layer` names them in the error. */
export function codesFor(layer: string, size: number, bound: number): Codes {
  if (bound > Number.MAX_SAFE_INTEGER) {
    throw new UserError(
      `layer ${layer}: sums of up to 2^${Math.ceil(Math.log2(bound))} steps, expected at most 2^53; use fewer bits`,
    );
  }
  return bound <= INT32_BOUND ? new Int32Array(size) : new Float64Array(size);
}
