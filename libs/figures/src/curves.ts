import { seriesStyle } from './colours.ts';
import { legendAbove, type Figure, type Trace } from './figure.ts';

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
}

/** Points joined by lines, one curve for each series; points without a finite value are left out. */
export function curves({ series, xTitle, yTitle }: CurvesInput): Figure {
  return {
    data: series.map(curve),
    layout: {
      xaxis: { title: { text: xTitle } },
      yaxis: { title: { text: yTitle } },
      ...(series.length > 1 ? legendAbove(Math.ceil(series.length / 2), 'h') : { showlegend: false }),
    },
  };
}

function curve({ name, x, y }: CurveSeries, position: number): Trace {
  const { label, colour, symbol, dash } = seriesStyle(name, position);
  return {
    type: 'scatter',
    mode: 'lines+markers',
    name: label,
    x: Array.from(x),
    y: Array.from(y, (value) => (Number.isFinite(value) ? value : null)),
    marker: { color: colour, size: 9, symbol },
    line: { color: colour, dash, width: 2 },
    hovertemplate: `${label}, %{x}: %{y:.4g}`,
  };
}
