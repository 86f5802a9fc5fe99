/** Figures and report of EMD networks. */
import { relativeDifferences } from '@hep/emd-network';
import type { EmdPairMode, EmdScore } from '@hep/emd-network';
import { comparison, histogram as histogramFigure, lossCurves, renderReport } from '@hep/figures';
import type { ReportFigure, ReportSection } from '@hep/figures';
import { histogram, squareHistogram } from '@hep/statistics';
import type { Binning } from '@hep/statistics';
import type { EpochRow } from '@hep/training';

const UNIT = '[sensor cells]';

/** Bins of the Ecoder study's plots. */
const distanceBins: Record<EmdPairMode, Binning> = {
  pair: { bins: 188, min: 0, max: 15.04 },
  app: { bins: 750, min: 0, max: 7.5 },
  ae: { bins: 250, min: 0, max: 2.5 },
  threshold: { bins: 80, min: 0, max: 4 },
};
const DIFFERENCES: Binning = { bins: 200, min: -1, max: 1 };
/** Above this many bins a side the two-dimensional histogram takes several bins together. */
const MOST_BINS = 250;

/** What a network made of the validation pairs. */
export interface EmdEstimates {
  readonly name: string;
  readonly mode: EmdPairMode;
  readonly exact: Float32Array;
  readonly estimated: Float32Array;
  readonly score: EmdScore;
}

/** Estimated against exact distances. */
function estimateSection(estimates: EmdEstimates): ReportSection {
  return {
    heading: `Estimated and exact distances: ${estimates.name}`,
    text: 'Distances are in sensor cells; two trigger cells are two apart.',
    figures: [distances(estimates), differences(estimates), plane(estimates)],
  };
}

function distances({ mode, exact, estimated }: EmdEstimates): ReportFigure {
  const counted = (values: Float32Array) => histogram(values, distanceBins[mode]);
  const { edges, counts } = counted(exact);
  const series = [
    { name: 'exact', counts },
    { name: 'estimated', counts: counted(estimated).counts },
  ];
  const figure = histogramFigure({ edges, series, xTitle: `EMD ${UNIT}`, yTitle: 'Pairs' });
  return { figure, caption: 'Validation pairs.' };
}

function differences({ exact, estimated, score }: EmdEstimates): ReportFigure {
  const { edges, counts } = histogram(relativeDifferences(estimated, exact), DIFFERENCES);
  const figure = histogramFigure({
    edges,
    series: [{ name: 'relative difference', counts }],
    xTitle: '(estimated − exact) / exact',
    yTitle: 'Pairs',
  });
  return { figure, caption: `Mean ${score.mean.toFixed(4)}, standard deviation ${score.std.toFixed(4)}.` };
}

function plane({ mode, exact, estimated }: EmdEstimates): ReportFigure {
  const { bins, min, max } = distanceBins[mode];
  const binning = { bins: Math.ceil(bins / Math.ceil(bins / MOST_BINS)), min, max };
  const figure = comparison({
    ...squareHistogram(exact, estimated, binning),
    xTitle: `Exact EMD ${UNIT}`,
    yTitle: `Estimated EMD ${UNIT}`,
  });
  return { figure, caption: 'On the dashed line both are equal.' };
}

/** What the report of a training tells beside its estimates. */
export interface EmdReportInput {
  readonly estimates: EmdEstimates;
  readonly isSynthetic: boolean;
  readonly facts: readonly (readonly [string, string | number])[];
  readonly lossName: string;
  readonly history: readonly EpochRow[];
  readonly bestEpoch: number | null;
  /** Option names and values as resolved. */
  readonly options: readonly (readonly [string, string])[];
}

/** Self-contained HTML report of a training. */
export function emdReport(input: EmdReportInput): string {
  const { estimates, isSynthetic, facts, lossName, history, bestEpoch, options } = input;
  const losses = lossCurves({
    training: history.map((row) => row.values['loss']),
    validation: history.map((row) => row.values['val_loss']),
    lossName,
    ...(bestEpoch === null ? {} : { bestEpoch }),
  });
  return renderReport({
    title: `EMD network ${estimates.name}`,
    subtitle: subtitle(isSynthetic),
    facts,
    sections: [
      {
        heading: 'Training',
        figures: [{ figure: losses, caption: 'Loss after each epoch, L2 penalty included.', wide: true }],
      },
      estimateSection(estimates),
      { heading: 'Options', tables: [{ columns: ['option', 'value'], rows: options }] },
    ],
  });
}

/** Self-contained HTML report of the scores of several networks. */
export function emdScoreReport(all: readonly EmdEstimates[], isSynthetic: boolean): string {
  return renderReport({
    title: 'EMD networks',
    subtitle: subtitle(isSynthetic),
    sections: all.map(estimateSection),
  });
}

function subtitle(isSynthetic: boolean): string {
  return isSynthetic
    ? 'Pairs of synthetic toy modules: the scores compare networks, they say nothing about the detector.'
    : 'Pairs of HGCAL modules';
}
