/** Sizes that every block shares, and the check of its inputs. */
import { TRIGGER_CELLS } from '@hep/hgcal-geometry';

/** Trigger cells of a module as the chip's blocks count them. */
export const CHANNELS = TRIGGER_CELLS;

/**
 * Number of bunch crossings in rows of `width` numbers.
 * @throws RangeError when the last row is not whole
 */
export function crossingsOf(values: ArrayLike<number>, width: number, what: string): number {
  if (values.length % width !== 0) {
    throw new RangeError(`${what}: ${values.length} numbers; expected a multiple of ${width}`);
  }
  return values.length / width;
}

/** @throws RangeError unless there are `length` numbers */
export function expectLength(values: ArrayLike<number>, length: number, what: string): void {
  if (values.length !== length) throw new RangeError(`${what}: ${values.length} numbers; expected ${length}`);
}
