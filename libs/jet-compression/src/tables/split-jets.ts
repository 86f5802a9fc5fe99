/** Which jets train and which test. */
import { numpyPermutation } from '@hep/datasets';

/** Row numbers of the parts. */
export interface JetSplit {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/** Seed of the split in the studies. */
const SPLIT_SEED = 41;

/**
 * The split of scikit-learn's `train_test_split(rows, test_size=fraction, random_state=seed)`, row by row: the first
 * ceil(fraction * rows) of NumPy's permutation test, the others train.
 */
export function splitJets(rows: number, fraction = 0.2, seed = SPLIT_SEED): JetSplit {
  const order = numpyPermutation(rows, seed);
  const test = Math.ceil(fraction * rows);
  return { test: order.slice(0, test), train: order.slice(test) };
}
