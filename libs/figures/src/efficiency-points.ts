import { seriesStyle } from './colours.ts';
import { legendOf, plainText, type Figure, type Trace } from './figure.ts';

/** A fraction with the limits of its confidence interval. */
export interface Fraction {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** Fractions at some of the points. */
export interface EfficiencySeries {
  readonly name: string;
  readonly at: ReadonlyMap<string, Fraction>;
}

/** Fractions of one or more series at points without order, such as the masses of simulated samples. */
export interface EfficiencyInput {
  /** Names of the points from left to right. */
  readonly points: readonly string[];
  readonly series: readonly EfficiencySeries[];
  /** Axis titles; may use Plotly markup. */
  readonly xTitle: string;
  readonly yTitle: string;
}

/** Part of the distance of two points over which several series are spread. */
const SPREAD = 0.5;
/** More names than this are turned, since they would not fit side by side. */
const UPRIGHT = 6;

/** Points with the bars of their intervals; several series stand side by side at each point. */
export function efficiencyPoints({ points, series, xTitle, yTitle }: EfficiencyInput): Figure {
  return {
    data: series.map((entry, position) => fractions(entry, position, series.length, points)),
    layout: {
      xaxis: {
        title: { text: xTitle },
        range: [-0.6, points.length - 0.4],
        tickvals: points.map((_, place) => place),
        ticktext: points.map(plainText),
        ...(points.length > UPRIGHT ? { tickangle: -60 } : {}),
      },
      yaxis: { title: { text: yTitle }, range: [0, 1.02] },
      ...(series.length > 1 ? legendOf(series.map(({ name }) => name)) : { showlegend: false }),
    },
  };
}

function fractions(
  { name, at }: EfficiencySeries,
  position: number,
  total: number,
  points: readonly string[],
): Trace {
  const { label, colour, symbol } = seriesStyle(name, position);
  const shift = total > 1 ? (position / (total - 1) - 0.5) * SPREAD : 0;
  const shown = points.flatMap((point, place) => {
    const fraction = at.get(point);
    return fraction !== undefined && Number.isFinite(fraction.value) ? [{ point, place, ...fraction }] : [];
  });
  return {
    type: 'scatter',
    mode: 'markers',
    name: label,
    x: shown.map(({ place }) => place + shift),
    y: shown.map(({ value }) => value),
    text: shown.map(({ point }) => plainText(point)),
    marker: { color: colour, size: 9, symbol },
    error_y: {
      type: 'data',
      symmetric: false,
      array: shown.map(({ value, upper }) => upper - value),
      arrayminus: shown.map(({ value, lower }) => value - lower),
      color: colour,
      thickness: 1.8,
      width: 0,
    },
    hovertemplate: '%{text}: %{y:.3f} +%{error_y.array:.3f} −%{error_y.arrayminus:.3f}',
  };
}
