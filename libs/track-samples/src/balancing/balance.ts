/** As many tracks of every iteration, as many true tracks as fakes. */
import type { Generator } from '@hep/datasets/random';
import { UserError } from '@hep/options/user-error';
import { PHASE1_ITERATIONS } from '@hep/track-dnn/variables';
import type { TrackTable } from '../tables/track-table.ts';

/** What to do about iterations that found no track. */
export type AbsentIterations = 'error' | 'ignore';

/**
 * Rows with the same number of tracks of each iteration, that of the rarest one, drawn without replacement and
 * shuffled.
 * @param rows to draw from
 * @throws UserError that names the iterations without a track, unless they are ignored
 */
export function balanceIterations(
  { iterations }: Pick<TrackTable, 'iterations'>,
  rows: Int32Array,
  generator: Generator,
  absent: AbsentIterations,
): Int32Array {
  const found = PHASE1_ITERATIONS.map(({ name, code }) => ({
    name,
    rows: rows.filter((row) => iterations[row] === code),
  }));
  requirePresent(
    found.map(({ name }) => name),
    found.map((iteration) => iteration.rows.length),
    absent,
  );
  const present = found.filter((iteration) => iteration.rows.length > 0);
  const count = Math.min(...present.map((iteration) => iteration.rows.length));
  const drawn = new Int32Array(count * present.length);
  present.forEach((iteration, i) =>
    drawn.set(shuffled(iteration.rows, generator).subarray(0, count), i * count),
  );
  return shuffled(drawn, generator);
}

/** @throws UserError that names the iterations without a track, unless they are ignored */
export function requirePresent(
  names: readonly string[],
  tracks: readonly number[],
  absent: AbsentIterations,
): void {
  const missing = names.filter((_, i) => tracks[i] === 0);
  if (missing.length === 0 || (absent === 'ignore' && missing.length < names.length)) return;
  throw new UserError(
    `balancing: no tracks of ${missing.join(', ')}; add files that have them, or leave them out with --absent-iterations ignore`,
  );
}

/**
 * All rows, and copies of rows of the rarer of true and fake, drawn with replacement, until there are as many of both;
 * shuffled.
 * @throws UserError when one of them is missing
 */
export function balanceTrueAndFake(
  { isTrue }: Pick<TrackTable, 'isTrue'>,
  rows: Int32Array,
  generator: Generator,
): Int32Array {
  requireBothClasses({ isTrue }, rows, 'balancing');
  const trueRows = rows.filter((row) => isTrue[row] === 1);
  const fakeRows = rows.filter((row) => isTrue[row] === 0);
  const [rarer, other] = trueRows.length < fakeRows.length ? [trueRows, fakeRows] : [fakeRows, trueRows];
  const all = new Int32Array(2 * other.length);
  all.set(rows);
  for (let i = rows.length; i < all.length; i++) all[i] = rarer[generator.integer(rarer.length)];
  return shuffled(all, generator);
}

/** @throws UserError when the rows are all true or all fake; `what` says of which part */
export function requireBothClasses(
  { isTrue }: Pick<TrackTable, 'isTrue'>,
  rows: Int32Array,
  what: string,
): void {
  const trueTracks = rows.reduce((sum, row) => sum + isTrue[row], 0);
  if (trueTracks > 0 && trueTracks < rows.length) return;
  const found = trueTracks === 0 ? 'fakes' : 'true tracks';
  throw new UserError(
    `${what}: all ${rows.length} tracks are ${found}; expected true and fake ones, check trk_isTrue and the cuts of the sample`,
  );
}

/**
 * So many of the rows: a draw without replacement, or of more than there are all of them as often as it goes and a draw for
 * the rest.
 */
export function drawRows(rows: Int32Array, wanted: number, generator: Generator): Int32Array {
  const drawn = new Int32Array(wanted);
  const whole = rows.length === 0 ? 0 : wanted - (wanted % rows.length);
  for (let i = 0; i < whole; i++) drawn[i] = rows[i % rows.length];
  drawn.set(shuffled(rows, generator).subarray(0, wanted - whole), whole);
  return drawn;
}

/** The same numbers in random order. */
export function shuffled(rows: Int32Array, generator: Generator): Int32Array {
  return generator.permutation(rows.length).map((place) => rows[place]);
}
