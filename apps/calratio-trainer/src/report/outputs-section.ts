/** Distributions of the outputs for the classes of the main sample. */
import { histogram } from '@hep/figures';
import type { Figure, ReportFigure, ReportSection } from '@hep/figures';
import { binEdges, weightedHistogram } from '@hep/statistics';
import { jetsWhere, OUTPUTS } from '@hep/calratio-training';
import type { Output, ScoredJets } from '@hep/calratio-training';
import { MAIN_CLASSES, OUTPUT_TITLES } from './names.ts';

/** Bins of the outputs in this report. */
export const SCORE_EDGES = binEdges({ bins: 29, min: 0, max: 1 });
/** Equal on a logarithmic axis: BIB scores crowd at 0. */
const SMALL_SCORE_EDGES = Float64Array.from({ length: 41 }, (_, i) => 10 ** (-4 + i / 10));

/** Each output on linear and logarithmic scale. */
export function outputsSection(main: ScoredJets): ReportSection {
  return {
    heading: 'Outputs',
    text: 'Main sample, test jets; the weights of each class are scaled to a sum of 1.',
    figures: [
      ...OUTPUTS.flatMap((output) => [
        classesFigure(main, output),
        {
          figure: classes(main, output, { logY: true }),
          caption: `${OUTPUT_TITLES[output]}, logarithmic scale.`,
        },
      ]),
      {
        figure: classes(main, 'bib', { logX: true, logY: true, edges: SMALL_SCORE_EDGES }),
        caption: 'BIB score, both scales logarithmic; scores below 0.0001 are not shown.',
        wide: true,
      },
    ],
  };
}

/** One output on linear scale. */
export function classesFigure(main: ScoredJets, output: Output): ReportFigure {
  return {
    figure: classes(main, output, { logY: false }),
    caption: `${OUTPUT_TITLES[output]} of the classes.`,
  };
}

interface Scales {
  readonly logX?: boolean;
  readonly logY: boolean;
  readonly edges?: Float64Array;
}

function classes(main: ScoredJets, output: Output, { edges = SCORE_EDGES, ...scales }: Scales): Figure {
  const series = MAIN_CLASSES.map((name, label) => {
    const { scores, weight } = jetsWhere(main, (jet) => main.label[jet] === label);
    const { contents } = weightedHistogram(scores[output], edges, weight);
    const total = weight.reduce((sum, value) => sum + value, 0);
    return { name, counts: contents.map((content) => (total > 0 ? content / total : 0)) };
  });
  return histogram({
    edges,
    series,
    xTitle: OUTPUT_TITLES[output],
    yTitle: 'Fraction of jets',
    filled: false,
    ...scales,
  });
}
