import { seriesStyle } from './colours.ts';
import { legendOf, type Figure, type Trace } from './figure.ts';

/** A quantity against another, point by point. */
export interface CurveSeries {
  readonly name: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

/** Curves with common axes. */
export interface CurvesInput {
  readonly series: readonly CurveSeries[];
  /** Axis titles with units; may use Plotly markup. */
  readonly xTitle: string;
  readonly yTitle: string;
  readonly logX?: boolean;
  readonly logY?: boolean;
}

/** With more points than this a curve is a line alone. */
const MARKED = 40;

/** Points joined by lines, one curve for each series; points without a finite value are left out. */
export function curves({ series, xTitle, yTitle, logX = false, logY = false }: CurvesInput): Figure {
  return {
    data: series.map(curve),
    layout: {
      xaxis: { title: { text: xTitle }, ...(logX ? { type: 'log' } : {}) },
      yaxis: { title: { text: yTitle }, ...(logY ? { type: 'log' } : {}) },
      ...(series.length > 1
        ? legendOf(series.map(({ name }) => seriesStyle(name, 0).label))
        : { showlegend: false }),
    },
  };
}

function curve({ name, x, y }: CurveSeries, position: number): Trace {
  const { label, colour, symbol, dash } = seriesStyle(name, position);
  return {
    type: 'scatter',
    mode: x.length > MARKED ? 'lines' : 'lines+markers',
    name: label,
    x: Array.from(x),
    y: Array.from(y, (value) => (Number.isFinite(value) ? value : null)),
    marker: { color: colour, size: 9, symbol },
    line: { color: colour, dash, width: 2 },
    hovertemplate: `${label}, %{x}: %{y:.4g}`,
  };
}
