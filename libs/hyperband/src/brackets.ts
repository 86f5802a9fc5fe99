/** Brackets of Hyperband (Li et al. 2018): the same effort in many short trials, in few long ones, and in between. */

/** One round of a bracket. */
export interface Round {
  /** Trials that take part. */
  readonly trials: number;
  /** Epochs that a trial has after it, those of the rounds before included. */
  readonly epochs: number;
}

/** Rounds of successive halving, one after the other. */
export type Bracket = readonly Round[];

/**
 * All brackets, that of the most trials first. Bracket s of s_max = floor(log_factor maxEpochs) begins with
 * ceil((s_max + 1) factor^s / (s + 1)) trials; its round r trains up to ceil(maxEpochs / factor^(s - r)) epochs, and the
 * ceil(trials / factor^r) best of the first ones get there.
 * @param maxEpochs epochs of the last round, at least 1
 * @param factor whole number of at least 2
 */
export function bracketsOf(maxEpochs: number, factor: number): Bracket[] {
  let most = 0;
  while (factor ** (most + 1) <= maxEpochs) most++;
  return Array.from({ length: most + 1 }, (_, index) => {
    const last = most - index;
    const first = Math.ceil(((most + 1) * factor ** last) / (last + 1));
    return Array.from({ length: last + 1 }, (_, round) => ({
      trials: Math.ceil(first / factor ** round),
      epochs: Math.ceil(maxEpochs / factor ** (last - round)),
    }));
  });
}

/** Trials of all brackets. */
export function trialsOf(brackets: readonly Bracket[]): number {
  return brackets.reduce((sum, [first]) => sum + first.trials, 0);
}

/** Epochs that all trials train together; a promoted trial goes on from what it has. */
export function epochsOf(brackets: readonly Bracket[]): number {
  const ofRound = ({ trials, epochs }: Round, before: Round | undefined) =>
    trials * (epochs - (before?.epochs ?? 0));
  return brackets
    .flatMap((bracket) => bracket.map((round, index) => ofRound(round, bracket[index - 1])))
    .reduce((sum, epochs) => sum + epochs);
}
