/** Checks of the numbers that a caller gives. */

/**
 * Checks weights, if there are any.
 * @throws RangeError when they are not `length` finite numbers
 */
export function requireWeights(weights: ArrayLike<number> | undefined, length: number): void {
  if (weights === undefined) return;
  if (weights.length !== length) {
    throw new RangeError(`${weights.length} weights for ${length} values; expected as many`);
  }
  requireFinite(weights, 'weight');
}

/**
 * Checks that all values are finite.
 * @throws RangeError that names the first other one with its index
 */
export function requireFinite(values: ArrayLike<number>, name: string): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) throw new RangeError(`${name} ${i} is ${values[i]}: expected a number`);
  }
}
