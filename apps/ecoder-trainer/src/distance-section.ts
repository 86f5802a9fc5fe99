/** The part of a report that tells how far decoded modules are from the input. */
import { histogram as histogramFigure, MIP_T, profile as profileFigure } from '@hep/figures';
import type { Figure, ReportFigure, ReportSection, ReportTable } from '@hep/figures';
import { autoRange, histogram, profile, quantiles } from '@hep/statistics';
import type { Binning } from '@hep/statistics';
import type { Evaluation } from './evaluation.ts';
import { emdSummary, metricsOf, summaryMetrics } from './metrics.ts';
import type { MetricName } from './metrics.ts';

/** Title of an axis with distances. */
export const EMD_TITLE = 'EMD [sensor cells]';

const meanings: Readonly<Record<MetricName, string>> = {
  EMD: 'exact earth mover’s distance [sensor cells]',
  dMean: 'distance of the centres of charge [sensor cells]',
  dRMS: 'difference of the widths',
  zero_frac: 'share of modules of which nothing is left',
  SSD: 'squared differences over the norms of the charges',
};

/** Figures and table of an evaluation. */
export function distances(evaluation: Evaluation): ReportSection {
  const { emd } = evaluation;
  const { empty } = emdSummary(emd);
  const defined = Int32Array.from(emd.keys()).filter((row) => emd[row] >= 0);
  const pick = (values: ArrayLike<number>) => Float64Array.from(defined, (row) => values[row]);
  const values = pick(emd);
  const against = (
    x: ArrayLike<number>,
    binning: Binning,
    xTitle: string,
    caption: string,
  ): ReportFigure => ({
    figure: emdProfile(pick(x), values, binning, xTitle),
    caption,
  });
  return {
    heading: 'Distance between input and decoded charges',
    text:
      'Exact earth mover’s distance on the hexagonal geometry; one unit is a sensor cell, trigger cells are two apart. ' +
      `Points are medians, bars reach to the 16 % and 84 % quantiles. ${empty} modules with an empty side are left out.`,
    figures: [
      { figure: emdHistogram(values), caption: 'Validation modules.' },
      against(
        evaluation.occupancy,
        { bins: 12, min: 0, max: 24 },
        `Trigger cells above 1 ${MIP_T}`,
        'Against the occupancy of the input.',
      ),
      against(
        evaluation.maximumMipT.map((charge) => Math.log10(charge)),
        { bins: 20, min: 0, max: 2.5 },
        `log<sub>10</sub>(largest charge / ${MIP_T})`,
        'Against the largest charge of the input.',
      ),
      ...(evaluation.absoluteEta === null
        ? []
        : [
            against(
              evaluation.absoluteEta,
              { bins: 10, ...widened(autoRange(pick(evaluation.absoluteEta))) },
              '|η|',
              'Against the pseudorapidity of the module.',
            ),
          ]),
    ],
    tables: [metricTable(evaluation)],
  };
}

function metricTable(evaluation: Evaluation): ReportTable {
  const metrics = metricsOf(evaluation);
  return {
    caption: 'All metrics over the validation modules, mean and standard deviation.',
    columns: ['metric', 'mean', '±', 'what it is'],
    rows: summaryMetrics.full.map((name) => [name, metrics[name].mean, metrics[name].std, meanings[name]]),
  };
}

function emdHistogram(values: Float64Array): Figure {
  const [q16, median, q84] = quantiles(values, [0.16, 0.5, 0.84]);
  const { edges, counts } = histogram(values, { bins: 40, ...widened(autoRange(values)) });
  return histogramFigure({ edges, series: [{ name: 'ae', counts, median, q16, q84 }], xTitle: EMD_TITLE });
}

function widened({ min, max }: { min: number; max: number }): { min: number; max: number } {
  return max > min ? { min, max } : { min: min - 0.5, max: min + 0.5 };
}

function emdProfile(x: Float64Array, emd: Float64Array, binning: Binning, xTitle: string): Figure {
  const { centres, median, lowerError, upperError, counts } = profile(x, emd, binning);
  return profileFigure({
    series: [{ name: 'ae', centres, medians: median, lowErrors: lowerError, highErrors: upperError, counts }],
    xTitle,
    yTitle: EMD_TITLE,
  });
}
