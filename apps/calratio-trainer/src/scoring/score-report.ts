/** Report of a scoring. */
import { OUTPUTS } from '@hep/calratio-training';
import { histogram, renderReport } from '@hep/figures';
import type { ReportSection } from '@hep/figures';
import { OUTPUT_TITLES } from '../report/names.ts';
import { SCORE_EDGES } from '../report/outputs-section.ts';
import type { ScoreSummary } from './score-summary.ts';

/** A scored file. */
export interface ScoredInput {
  readonly input: string;
  /** Where its scores are. */
  readonly output: string;
  readonly summary: ScoreSummary;
}

/** The report as HTML: a table of the files, and the distributions of each one's scores. */
export function scoreReport(network: string, scored: readonly ScoredInput[]): string {
  return renderReport({
    title: 'Scores',
    subtitle: network,
    facts: [['Jets', scored.reduce((sum, { summary }) => sum + summary.jets, 0)]],
    sections: [
      {
        heading: 'Signal-like jets',
        text: 'Parts of the jets of each file whose signal score is the largest of the three, above 0.5, above 0.8.',
        tables: [{ columns: COLUMNS, rows: scored.map((entry) => row(network, entry)) }],
      },
      ...scored.filter(({ summary }) => summary.jets > 0).map(distributions),
    ],
  });
}

const COLUMNS = ['Model', 'File', 'Jets', 'Signal largest', 'Signal > 0.5', 'Signal > 0.8', 'Scores'];

function row(network: string, { input, output, summary }: ScoredInput): (string | number)[] {
  const { isLargest, aboveHalf, above80Percent } = summary.fractions;
  return [network, input, summary.jets, isLargest, aboveHalf, above80Percent, output];
}

function distributions({ input, summary }: ScoredInput): ReportSection {
  const series = OUTPUTS.map((output, i) => ({
    name: OUTPUT_TITLES[output],
    counts: summary.counts[i].map((count) => count / summary.jets),
  }));
  const figure = histogram({
    edges: SCORE_EDGES,
    series,
    xTitle: 'Score',
    yTitle: 'Fraction of jets',
    filled: false,
  });
  return {
    heading: input,
    figures: [{ figure, caption: 'Scores of all jets, each to a sum of 1.', wide: true }],
  };
}
