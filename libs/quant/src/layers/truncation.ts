import { tf } from '@hep/graph';
import { kerasLayer, onlyShape } from '@hep/nn';
import type { Layer } from '@hep/nn';
import { UserError } from '@hep/options';
import { indicator, straightThrough } from '../straight-through.ts';
import type { TensorMap } from '../straight-through.ts';

/** Numbers in [-2, 2) fill the bits of a truncated latent element: one bit before the point, and the sign. */
const LIMIT = 2;
const MOST_BITS = 24;

/**
 * Drops the bits of a number in [-2, 2) that do not fit into its place on the link, as shifting to the right does:
 * `min(floor(z 2^d) / 2^d, 2 - 2^-d)` with `d = bits - 1`. The gradient is 1 where the result is within the range:
 * `floor` has none, so that whatever comes before it would never learn.
 * @throws UserError unless `bits` is a whole number from 1 to 24
 */
export function truncate(bits: number): TensorMap {
  if (!Number.isInteger(bits) || bits < 1 || bits > MOST_BITS) {
    throw new UserError(`truncation to ${bits} bits: expected a whole number from 1 to ${MOST_BITS}`);
  }
  const scale = 2 ** (bits - 1);
  return straightThrough({
    value: (z) => tf.minimum(tf.div(tf.floor(tf.mul(z, scale)), scale), LIMIT - 1 / scale),
    slope: (z) => indicator(tf.less(z, LIMIT)),
    minimum: -LIMIT,
    maximum: LIMIT - 1 / scale,
  });
}

/** Options of `truncation`. */
export interface TruncationOptions {
  readonly name: string;
  /** Bits of the result; see `truncate`. */
  readonly bits: number;
}

/** `truncate` as a layer; the shape stays. A layer of our own in Keras, class `Truncation`. */
export function truncation({ name, bits }: TruncationOptions): Layer {
  const apply = truncate(bits);
  return {
    name,
    parameters: () => [],
    outputShape: (inputShapes) => onlyShape(name, inputShapes),
    apply: (_, [z]) => apply(z),
    kerasConfig: () => ({ ...kerasLayer('Truncation', name, { bits }), isCustom: true }),
  };
}
