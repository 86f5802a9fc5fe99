import { UserError } from '@hep/options';
import type { NumberFormat } from './fixed-point-number.ts';

/** Which elements have bits of their own: each, each index of the last axis, or only the whole tensor. */
export const granularities = ['element', 'channel', 'tensor'] as const;

/** One of `granularities`. */
export type Granularity = (typeof granularities)[number];

/** Start and bounds of a number of bits. */
export interface BitRange {
  readonly initial: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** Settings of a learned quantiser. Bits never count the sign. */
export interface LearnedSettings extends NumberFormat {
  readonly granularity: Granularity;
  /** Bits left of the point: learned, or under `WRAP` tracked from the numbers in training. */
  readonly integer: BitRange;
  /** What is learned beside: `bits` on both sides of the point together, or those of the `fraction`. */
  readonly learned: BitRange & { readonly kind: 'bits' | 'fraction' };
  /** Factor on the learning rate of the bits, which move by whole numbers; default 1. */
  readonly learningRateFactor?: number;
  /** `factor * sum` of the learned parameters joins the loss; default 1e-8. */
  readonly regularisation?: number;
  /**
   * Bits by which tracked integer bits may fall in one step. Without it they follow at once, in inference too: right for
   * weights, which change after the step that tracked them.
   */
  readonly decay?: number;
}

const WEIGHT = {
  keepNegative: true,
  rounding: 'RND',
  granularity: 'element',
  integer: { initial: 2, minimum: -23, maximum: 23 },
} as const;

/** HGQ's defaults for kernels, biases and activations. */
export const learnedDefaults = {
  kernel: {
    ...WEIGHT,
    overflow: 'SAT_SYM',
    learned: { kind: 'bits', initial: 8, minimum: 0, maximum: 23 },
  },
  bias: {
    ...WEIGHT,
    overflow: 'WRAP',
    learned: { kind: 'bits', initial: 8, minimum: 0, maximum: 24 },
  },
  activation: {
    ...WEIGHT,
    overflow: 'WRAP',
    decay: 0.01,
    learned: { kind: 'fraction', initial: 6, minimum: -24, maximum: 24 },
  },
} as const satisfies Record<string, LearnedSettings>;

/** float32 resolves as many bits; exponents beyond 2^126 do not exist. */
const LARGEST = 32;

/** @throws UserError for bits that float32 cannot hold, bounds in the wrong order, or a start outside of them */
export function validate(name: string, settings: LearnedSettings): void {
  const { integer, learned, learningRateFactor = 1, regularisation = 0, decay } = settings;
  validateRange(`${name} integer bits`, integer, -LARGEST);
  validateRange(`${name} ${learned.kind}`, learned, learned.kind === 'bits' ? 0 : -LARGEST);
  if (!(regularisation >= 0) || regularisation === Infinity) {
    throw new UserError(`${name}: regularisation is ${regularisation}, expected a number of at least 0`);
  }
  if (!(learningRateFactor > 0 && learningRateFactor < Infinity)) {
    throw new UserError(`${name}: learning rate factor is ${learningRateFactor}, expected a positive number`);
  }
  if (decay !== undefined && !(decay >= 0)) {
    throw new UserError(`${name}: decay is ${decay}, expected a number of bits of at least 0`);
  }
}

function validateRange(what: string, { initial, minimum, maximum }: BitRange, least: number): void {
  if (!(minimum >= least && minimum <= maximum && maximum <= LARGEST)) {
    throw new UserError(
      `${what}: bounds are ${minimum} and ${maximum}, expected two numbers in order from ${least} to ${LARGEST}`,
    );
  }
  if (!(initial >= minimum && initial <= maximum)) {
    throw new UserError(`${what}: start is ${initial}, expected a number from ${minimum} to ${maximum}`);
  }
}
