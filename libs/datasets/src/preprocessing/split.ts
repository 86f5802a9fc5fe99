import { roundHalfEven } from '@hep/statistics';
import { createGenerator } from '../random/generator.ts';

/** Row numbers of the two parts of a data set. */
export interface Split {
  readonly train: Int32Array<ArrayBuffer>;
  readonly validation: Int32Array<ArrayBuffer>;
}

/** The share of modules held out, as in the reference. */
const VALIDATION_FRACTION = 0.2;

/** Random split: the rows in the order of a seeded permutation, the first `fraction` of them for validation. */
export function splitShuffled(rows: number, seed: number, fraction = VALIDATION_FRACTION): Split {
  return splitAt(createGenerator(seed).permutation(rows), fraction);
}

/** The reference's split: the first `fraction` of the rows for validation, the rest for training, in file order. */
export function splitFirst(rows: number, fraction = VALIDATION_FRACTION): Split {
  return splitAt(
    Int32Array.from({ length: rows }, (_, row) => row),
    fraction,
  );
}

function splitAt(order: Int32Array<ArrayBuffer>, fraction: number): Split {
  const held = roundHalfEven(fraction * order.length);
  return { validation: order.slice(0, held), train: order.slice(held) };
}
