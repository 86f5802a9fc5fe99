import type { Objective, Outcome } from '@hep/hyperband';
import { UserError } from '@hep/options';
import type { EpochRow } from '@hep/training';

/**
 * The outcome of a trial after some epochs: the best of them.
 * @throws UserError when the history lacks the objective
 */
export function bestEpochOf(
  history: readonly EpochRow[],
  epochs: number,
  { name, better }: Objective,
): Outcome {
  const rows = history.slice(0, epochs);
  const seconds = rows.reduce((sum, row) => sum + row.seconds, 0);
  const judged = rows.filter(({ values }) => Number.isFinite(values[name]));
  if (judged.length === 0) throw new UserError(`history without a number for ${name}; is the run damaged?`);
  const isBetter = (a: number, b: number) => (better === 'smaller' ? a < b : a > b);
  const best = judged.reduce((so, row) => (isBetter(row.values[name], so.values[name]) ? row : so));
  return { kind: 'finished', objective: best.values[name], epoch: best.epoch, seconds };
}
