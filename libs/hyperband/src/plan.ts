import { createGenerator } from '@hep/datasets';
import { bracketsOf, trialsOf } from './brackets.ts';
import type { Bracket } from './brackets.ts';
import { drawOther, hasConfigurations } from './search-space.ts';
import type { Configuration, SearchSpace } from './search-space.ts';

/** What a search is made of. */
export interface SearchSettings {
  readonly space: SearchSpace;
  /** Most epochs of a trial. */
  readonly maxEpochs: number;
  /** One of so many trials goes on after a round, with so many times the epochs. */
  readonly factor: number;
  readonly seed: number;
  /** The number that is judged, a column of the trials' history. */
  readonly objective: Objective;
}

/** A number of which trials have a best one. */
export interface Objective {
  readonly name: string;
  readonly better: 'smaller' | 'larger';
}

/** A trial before it begins. */
export interface PlannedTrial {
  /** Counted from 0 over all brackets. */
  readonly number: number;
  /** Index into the brackets. */
  readonly bracket: number;
  readonly configuration: Configuration;
}

/** All that is known before the first trial. */
export interface SearchPlan extends SearchSettings {
  readonly brackets: readonly Bracket[];
  readonly trials: readonly PlannedTrial[];
}

/**
 * Draws the configurations of all trials. No two of a search are equal where the space has enough of them, no two of a
 * bracket where it has enough for that.
 */
export function planSearch(settings: SearchSettings): SearchPlan {
  const { space, maxEpochs, factor, seed } = settings;
  const brackets = bracketsOf(maxEpochs, factor);
  const generator = createGenerator(seed);
  const isRoomy = hasConfigurations(space, trialsOf(brackets));
  let taken = new Set<string>();
  const drawn = brackets.flatMap(([first], bracket) => {
    if (!isRoomy) taken = new Set();
    return Array.from({ length: first.trials }, () => ({
      bracket,
      configuration: drawOther(space, generator, taken),
    }));
  });
  return { ...settings, brackets, trials: drawn.map((trial, number) => ({ number, ...trial })) };
}
