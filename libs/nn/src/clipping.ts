/** Gradient clipping as Keras 2.15 optimisers do it. */
import { tf } from '@hep/graph';
import { flattenParameters, splitParameters } from './parameters.ts';
import type { ParameterSpec } from './parameters.ts';

/** How gradients are bounded before the update. */
export type Clipping =
  /** Every element within +-limit. */
  | { readonly kind: 'value'; readonly limit: number }
  /** Euclidean norm of each parameter's gradient at most `limit`. */
  | { readonly kind: 'norm'; readonly limit: number }
  /** Euclidean norm of all gradients together at most `limit`. */
  | { readonly kind: 'globalNorm'; readonly limit: number };

/** Clips the gradient vector [P] of the parameters `specs`. */
export function clipGradients(
  clipping: Clipping,
  gradients: tf.Tensor1D,
  specs: readonly ParameterSpec[],
): tf.Tensor1D {
  const { kind, limit } = clipping;
  if (kind === 'value') return tf.clipByValue(gradients, -limit, limit);
  if (kind === 'globalNorm') return withinNorm(gradients, limit);
  const pieces = Object.entries(splitParameters(specs, gradients));
  const clipped = pieces.map(([name, piece]): [string, tf.Tensor] => [name, withinNorm(piece, limit)]);
  return flattenParameters(specs, Object.fromEntries(clipped));
}

function withinNorm<T extends tf.Tensor>(gradient: T, limit: number): T {
  const norm = tf.sqrt(tf.sum(tf.square(gradient)));
  return tf.mul(gradient, tf.div(limit, tf.maximum(norm, limit)));
}
