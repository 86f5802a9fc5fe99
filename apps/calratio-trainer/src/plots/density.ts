/** Overlaid densities of a quantity. */
import { histogram, plainText } from '@hep/figures';
import type { ReportFigure } from '@hep/figures';
import { autoRange, binEdges, normalised, quantiles, weightedHistogram } from '@hep/statistics';

/** Jets of one kind. */
export interface DensitySeries {
  readonly name: string;
  readonly values: Float64Array;
  readonly weights: Float64Array;
}

const BINS = 100;
/** The axis goes half as far beyond these quantiles as they are apart: few far values would squeeze the rest. */
const CENTRAL = [0.01, 0.99] as const;

/**
 * Steps in 100 bins with common edges, each series with an integral of 1; the caption tells how much is not shown.
 * Undefined when no value is a number.
 */
export function densityFigure(title: string, series: readonly DensitySeries[]): ReportFigure | undefined {
  const finite = series.map(({ values }) => values.filter(Number.isFinite));
  const all = finite.reduce((total, values) => total + values.length, 0);
  if (all === 0) return undefined;
  const edges = binEdges({ bins: BINS, ...rangeOf(finite) });
  const filled = series.map(({ name, values, weights }) => ({
    name,
    counts: normalised(weightedHistogram(values, edges, weights), { density: true }).contents,
  }));
  const outside = finite.reduce(
    (total, values) => total + values.filter((value) => value < edges[0] || value > edges[BINS]).length,
    0,
  );
  const jets = series.reduce((total, { values }) => total + values.length, 0);
  return {
    figure: histogram({
      edges,
      series: filled,
      xTitle: plainText(title),
      yTitle: 'Density',
      filled: series.length === 1,
    }),
    caption: captionOf(title, outside / jets, 1 - all / jets),
  };
}

/** The central range of all series, so that each is seen whole. */
function rangeOf(finite: readonly Float64Array[]): { min: number; max: number } {
  const ranges = finite
    .filter((values) => values.length > 0)
    .map((values) => {
      const [low, high] = quantiles(values, CENTRAL);
      const margin = (high - low) / 2;
      const whole = autoRange(values);
      return { min: Math.max(whole.min, low - margin), max: Math.min(whole.max, high + margin) };
    });
  const min = Math.min(...ranges.map((range) => range.min));
  const max = Math.max(...ranges.map((range) => range.max));
  return min < max ? { min, max } : { min: min - 0.5, max: max + 0.5 };
}

function captionOf(title: string, outside: number, none: number): string {
  const percent = (part: number) => `${(100 * part).toPrecision(2)} %`;
  return [
    `${title}.`,
    ...(outside > 0 ? [`${percent(outside)} of the jets lie outside.`] : []),
    ...(none > 0 ? [`${percent(none)} have no number.`] : []),
  ].join(' ');
}
