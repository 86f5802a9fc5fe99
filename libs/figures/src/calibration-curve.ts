import { seriesStyle } from './colours.ts';
import { legendOf, type Figure, type Trace } from './figure.ts';

/** What a score promises and what is found, bin by bin; all arrays [bins]. */
export interface CalibrationSeries {
  readonly name: string;
  /** Mean score of a bin. */
  readonly predicted: readonly number[];
  /** Part of the signal in it, with the limits of its interval. */
  readonly observed: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

/** Parts of signal against scores, both from 0 to 1; on the dashed line a score is a probability. */
export function calibrationCurve(
  series: readonly CalibrationSeries[],
  { xTitle, yTitle }: { readonly xTitle: string; readonly yTitle: string },
): Figure {
  const curves = series.map(curve);
  return {
    data: [diagonal, ...curves],
    layout: {
      xaxis: { title: { text: xTitle }, range: [0, 1] },
      yaxis: { title: { text: yTitle }, range: [0, 1.02] },
      ...legendOf(curves.map(({ name = '' }) => name)),
    },
  };
}

const diagonal: Trace = {
  type: 'scatter',
  mode: 'lines',
  x: [0, 1],
  y: [0, 1],
  line: { color: '#8b949e', width: 1.5, dash: 'dash' },
  showlegend: false,
  hoverinfo: 'skip',
};

function curve({ name, predicted, observed, lower, upper }: CalibrationSeries, position: number): Trace {
  const { label, colour, symbol, dash } = seriesStyle(name, position);
  return {
    type: 'scatter',
    mode: 'lines+markers',
    name: label,
    x: predicted,
    y: observed,
    line: { color: colour, width: 1.5, dash },
    marker: { color: colour, size: 8, symbol },
    error_y: {
      type: 'data',
      symmetric: false,
      array: observed.map((value, bin) => upper[bin] - value),
      arrayminus: observed.map((value, bin) => value - lower[bin]),
      color: colour,
      thickness: 1.5,
      width: 0,
    },
    hovertemplate: '%{x:.3f}: %{y:.3f}',
  };
}
