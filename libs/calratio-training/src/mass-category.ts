/** Training for one category of masses. */
import type { Generator } from '@hep/datasets';
import { UserError } from '@hep/options';
import { LABEL } from './evaluation/scored-jets.ts';
import type { TrainingSample } from './samples.ts';

/** Masses of the heavy scalar in GeV, by category; also called low-ET and high-ET training. */
export const MASS_CATEGORIES = { low: [60, 125, 200], high: [400, 600, 1000] } as const;

/** One of the two categories. */
export type MassCategory = keyof typeof MASS_CATEGORIES;

/**
 * Rows of a part for the training of one category: as many jets of each class, as many as the rarest of them has, drawn
 * from the part and in random order. Rows are chosen, not copied, so labels, weights and masses stay with them.
 * @param part names the part in errors
 * @throws UserError when a class has no jet, such as signal of other masses alone
 */
export function rowsOfCategory(
  sample: TrainingSample,
  rows: Int32Array,
  category: MassCategory,
  generator: Generator,
  part: string,
): Int32Array {
  const { labels, mH, source } = sample;
  const allowed: readonly number[] = MASS_CATEGORIES[category];
  const classes = Object.values(LABEL).map((label) =>
    rows.filter((row) => labels[row] === label && (label !== LABEL.signal || allowed.includes(mH[row]))),
  );
  classes.forEach((found, label) => {
    if (found.length > 0) return;
    const what =
      label === LABEL.signal ? `signal with mH of ${allowed.join(', ')} GeV` : `jet of label ${label}`;
    throw new UserError(
      `${source}: no ${what} in the ${part} part, which the training of the ${category} masses needs; ` +
        'give such jets, or include all masses',
    );
  });
  const least = Math.min(...classes.map((found) => found.length));
  const chosen = classes.flatMap((found) =>
    Array.from(generator.permutation(found.length).subarray(0, least), (position) => found[position]),
  );
  return generator.permutation(chosen.length).map((position) => chosen[position]);
}
