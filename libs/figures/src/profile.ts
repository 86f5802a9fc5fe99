import { seriesStyle } from './colours.ts';
import { legendOf, type Figure, type Trace } from './figure.ts';

/** Median of a quantity in bins of another, with the distance to the 0.16 and 0.84 quantiles. */
export interface ProfileSeries {
  /** Algorithm (`ae`, `stc`, ...) or any other name. */
  readonly name: string;
  readonly centres: ArrayLike<number>;
  readonly medians: ArrayLike<number>;
  /** median - q16, not negative. */
  readonly lowErrors: ArrayLike<number>;
  /** q84 - median, not negative. */
  readonly highErrors: ArrayLike<number>;
  /** Entries per bin; bins without entries are left out. */
  readonly counts?: ArrayLike<number>;
}

/** One or more profiles with common bins. */
export interface ProfileInput {
  readonly series: readonly ProfileSeries[];
  /** Axis titles with units; may use Plotly markup. */
  readonly xTitle: string;
  readonly yTitle: string;
}

/** Share of a bin over which the points of several series are spread. */
const SPREAD = 0.5;

/** Points with asymmetric error bars; several series stand side by side inside each bin. */
export function profile({ series, xTitle, yTitle }: ProfileInput): Figure {
  return {
    data: series.map((entry, position) => points(entry, position, series.length)),
    layout: {
      xaxis: { title: { text: xTitle } },
      yaxis: { title: { text: yTitle }, rangemode: 'tozero' },
      ...(series.length > 1
        ? legendOf(series.map(({ name }) => seriesStyle(name, 0).label))
        : { showlegend: false }),
    },
  };
}

function points(series: ProfileSeries, position: number, total: number): Trace {
  const { label, colour, symbol } = seriesStyle(series.name, position);
  const { centres, medians, lowErrors, highErrors, counts } = series;
  const filled = Array.from(centres, (_, bin) => bin).filter(
    (bin) => counts === undefined || counts[bin]! > 0,
  );
  const binWidth = centres.length > 1 ? (centres[1]! - centres[0]!) * SPREAD : 0;
  const shift = total > 1 ? (position / (total - 1) - 0.5) * binWidth : 0;
  return {
    type: 'scatter',
    mode: 'markers',
    name: label,
    x: filled.map((bin) => centres[bin]! + shift),
    y: filled.map((bin) => medians[bin]!),
    customdata: filled.map((bin) => centres[bin]!),
    marker: { color: colour, size: 9, symbol },
    error_y: {
      type: 'data',
      symmetric: false,
      array: filled.map((bin) => highErrors[bin]!),
      arrayminus: filled.map((bin) => lowErrors[bin]!),
      color: colour,
      thickness: 1.8,
      width: 0,
    },
    hovertemplate: 'bin %{customdata:.4g}: %{y:.4g} +%{error_y.array:.3g} −%{error_y.arrayminus:.3g}',
  };
}
