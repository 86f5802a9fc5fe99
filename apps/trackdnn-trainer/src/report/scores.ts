import type { Discrimination } from '@hep/track-samples';
import type { JudgedSample } from '../judged-samples.ts';

/** What a run record keeps of the test. */
export interface TestScores {
  /** Of all tracks. */
  readonly iterations: readonly IterationScore[];
  /** Of each sample, where there are several. */
  readonly samples?: readonly SampleScores[];
}

/** Areas of a sample. */
export interface SampleScores {
  readonly name: string;
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
export function scoresOf([whole, ...samples]: readonly JudgedSample[]): TestScores {
  const ofSamples = samples.map(({ name, judged }) => ({ name, iterations: areasOf(judged) }));
  return { iterations: areasOf(whole.judged), ...(samples.length > 0 ? { samples: ofSamples } : {}) };
}

function areasOf({ results }: Discrimination): IterationScore[] {
  return results.map(({ name, trueTracks, fakes, network, trees }) => ({
    name,
    trueTracks,
    fakes,
    network: network.area,
    trees: trees?.area ?? null,
  }));
}

/** One line for each iteration, and one for each sample. @param label after the numbers */
export function areaLines({ iterations, samples = [] }: TestScores, label = ''): string[] {
  const line = (name: string, { network, trees }: IterationScore) => {
    const compared = trees === null ? '' : `, trk_mva ${trees.toFixed(4)}`;
    return `${name}: AUC ${network.toFixed(4)}${compared}${label}`;
  };
  return [
    ...iterations.map((score) => line(score.name, score)),
    ...samples.flatMap(({ name, iterations: [all] }) =>
      all?.name === 'all' ? [line(`sample ${name}`, all)] : [],
    ),
  ];
}
