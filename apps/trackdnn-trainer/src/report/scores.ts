import type { Discrimination } from '@hep/track-samples';

/** What a run record keeps of the test. */
export interface TestScores {
  readonly iterations: readonly IterationScore[];
}

/** Areas under the ROC of one iteration, or `all`. */
export interface IterationScore {
  readonly name: string;
  readonly trueTracks: number;
  readonly fakes: number;
  readonly network: number;
  /** Of the decision trees; null without their score. */
  readonly trees: number | null;
}

/** Areas under the ROC. */
export function scoresOf({ results }: Discrimination): TestScores {
  return {
    iterations: results.map(({ name, trueTracks, fakes, network, trees }) => ({
      name,
      trueTracks,
      fakes,
      network: network.area,
      trees: trees?.area ?? null,
    })),
  };
}

/** One line for each iteration. @param label after the numbers */
export function areaLines({ iterations }: TestScores, label = ''): string[] {
  return iterations.map(({ name, network, trees }) => {
    const compared = trees === null ? '' : `, trk_mva ${trees.toFixed(4)}`;
    return `${name}: AUC ${network.toFixed(4)}${compared}${label}`;
  });
}
