/** What a tagger is worth, from its scores of the test jets: the same numbers for both sides. */
import { agreements, discrimination, distanceSum, OUTPUTS, scoredJets } from '@hep/calratio-training';
import { allRows } from './data.ts';
import type { QualityJets, TestSample } from './data.ts';

/** Figures of a training. */
export interface JetOutcome {
  readonly side: string;
  readonly seed: number;
  /** Area under the ROC of signal against multijets and BIB (a tenth). */
  readonly auc: number;
  /** Against multijets alone, and BIB alone. */
  readonly aucQcd: number;
  readonly aucBib: number;
  /** Sum of the K-S distances of data and simulation, 3 outputs in 3 bins of pT: 0 to 9. */
  readonly ksSum: number;
  /** Wall and CPU time of the training. */
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
}

/** @param scores [jets, 3] of each test sample */
export function judged(
  { test }: QualityJets,
  scores: Readonly<Record<TestSample, Float32Array>>,
): Pick<JetOutcome, 'auc' | 'aucQcd' | 'aucBib' | 'ksSum'> {
  const jets = (name: TestSample) => scoredJets(test[name], allRows(test[name]), scores[name]);
  const main = jets('test-main');
  const tests = agreements(jets('test-control'));
  return {
    auc: discrimination(main, 'both').area,
    aucQcd: discrimination(main, 'qcd').area,
    aucBib: discrimination(main, 'bib').area,
    ksSum: OUTPUTS.reduce((sum, output) => sum + distanceSum(tests, output), 0),
  };
}

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** Markdown: medians of each side over its seeds, each seed in brackets. */
export function jetTable(outcomes: readonly JetOutcome[]): string {
  const sides = [...new Set(outcomes.map(({ side }) => side))];
  const rows = sides.map((side) => {
    const runs = outcomes.filter((outcome) => outcome.side === side);
    const cell = (digits: number, of: (outcome: JetOutcome) => number) => {
      const values = runs.map(of);
      return `${median(values).toFixed(digits)} (${values.map((value) => value.toFixed(digits)).join(', ')})`;
    };
    const cells = [
      cell(4, ({ auc }) => auc),
      cell(4, ({ aucQcd }) => aucQcd),
      cell(4, ({ aucBib }) => aucBib),
      cell(2, ({ ksSum }) => ksSum),
      cell(0, ({ cpuSeconds }) => cpuSeconds),
    ];
    return `| ${[side, ...cells].join(' | ')} |`;
  });
  return [
    '| recipe | AUC | AUC, QCD alone | AUC, BIB alone | K-S sum | CPU s |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
