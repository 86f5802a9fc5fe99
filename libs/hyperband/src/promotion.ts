/** Who goes on. Everything follows from the plan and the outcomes, so that a search has no memory of its own. */
import type { Objective, SearchPlan } from './plan.ts';

/** How a trial ended in a round. */
export type Outcome =
  | {
      readonly kind: 'finished';
      /** Best value of the objective in all epochs so far. */
      readonly objective: number;
      /** Epoch of that value, counted from 1. */
      readonly epoch: number;
      /** Wall time of all epochs so far. */
      readonly seconds: number;
    }
  | { readonly kind: 'failed'; readonly reason: string };

/** Outcome of a trial in a round; undefined while there is none. */
export type Outcomes = (trial: number, round: number) => Outcome | undefined;

/** A trial and a round of its bracket. */
export interface RoundOutcome {
  readonly trial: number;
  readonly outcome: Outcome;
}

/**
 * Numbers of the trials that take part in a round: all of the bracket in the first one, then the best of the round
 * before. Trials that failed never go on, even where fewer than planned are left.
 * @returns undefined while the round before has open trials
 */
export function participants(
  plan: SearchPlan,
  bracket: number,
  round: number,
  outcomes: Outcomes,
): readonly number[] | undefined {
  if (round === 0)
    return plan.trials.filter((trial) => trial.bracket === bracket).map(({ number }) => number);
  const before = participants(plan, bracket, round - 1, outcomes);
  const ended = before?.flatMap((trial) => {
    const outcome = outcomes(trial, round - 1);
    return outcome === undefined ? [] : [{ trial, outcome }];
  });
  if (before === undefined || ended === undefined || ended.length < before.length) return undefined;
  return ranked(ended, plan.objective)
    .filter(({ outcome }) => outcome.kind === 'finished')
    .slice(0, plan.brackets[bracket][round].trials)
    .map(({ trial }) => trial);
}

/** The same, the best first, failed ones last; ties in the order of the trials. */
export function ranked<Entry extends RoundOutcome>(
  entries: readonly Entry[],
  { better }: Pick<Objective, 'better'>,
): Entry[] {
  const cost = ({ outcome }: RoundOutcome) => {
    if (outcome.kind === 'failed') return Infinity;
    return better === 'smaller' ? outcome.objective : -outcome.objective;
  };
  return [...entries].sort((a, b) => {
    const [first, second] = [cost(a), cost(b)];
    return first === second ? a.trial - b.trial : first - second;
  });
}

/** The last outcome of a trial. */
export interface TrialState extends RoundOutcome {
  /** Round of the outcome. */
  readonly round: number;
}

/** The last outcome of each trial that has one, the best first. */
export function standings(plan: SearchPlan, outcomes: Outcomes): TrialState[] {
  const states = plan.trials.flatMap(({ number: trial, bracket }) => {
    const rounds = plan.brackets[bracket].map((_, round) => outcomes(trial, round));
    const round = rounds.findLastIndex((outcome) => outcome !== undefined);
    return round < 0 ? [] : [{ trial, round, outcome: rounds[round]! }];
  });
  return ranked(states, plan.objective);
}
