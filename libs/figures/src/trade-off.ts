import { seriesStyle, translucent } from './colours.ts';
import { legendAbove, plainText } from './figure.ts';
import type { Annotation, Figure, Shape, Trace } from './figure.ts';

/** An algorithm at one or more costs: median of its figure of merit with the 0.16 and 0.84 quantiles. */
export interface TradeOffSeries {
  readonly name: string;
  /** Algorithm (`ae`, `stc`, ...) that decides the colour. */
  readonly family: string;
  /** Number of the series within its family; decides the marker. */
  readonly variant: number;
  /** Costs in increasing order. */
  readonly costs: readonly number[];
  readonly medians: readonly number[];
  readonly q16: readonly number[];
  readonly q84: readonly number[];
}

/** What needs no cost that could be drawn: a horizontal line. */
export interface TradeOffLevel {
  readonly name: string;
  readonly median: number;
}

/** What `tradeOff` draws. */
export interface TradeOffInput {
  readonly series: readonly TradeOffSeries[];
  readonly levels: readonly TradeOffLevel[];
  /** Axis titles with units; may use Plotly markup. */
  readonly xTitle: string;
  readonly yTitle: string;
}

/** Fill of a marker, by variant. */
const fills = ['', '-open', '-dot', '-open-dot'] as const;
const dashes = ['solid', 'dash', 'dot', 'dashdot'] as const;
/** Markers of several series at one cost stand side by side, this part of the cost apart. */
const SPREAD = 0.009;

/** Figure of merit against cost (logarithmic): what a price buys, for every algorithm. */
export function tradeOff({ series, levels, xTitle, yTitle }: TradeOffInput): Figure {
  const costs = [...new Set(series.flatMap((entry) => entry.costs))].sort((a, b) => a - b);
  const ticks = costs.filter((cost) => Number.isInteger(cost));
  const range = [Math.log10(costs[0] * 0.9), Math.log10(costs[costs.length - 1] * 1.1)] as const;
  return {
    data: series.map((entry, position) => trace(entry, position - (series.length - 1) / 2)),
    layout: {
      height: 620,
      xaxis: { title: { text: xTitle }, type: 'log', range, tickvals: ticks, ticktext: ticks.map(String) },
      yaxis: { title: { text: yTitle }, rangemode: 'tozero' },
      shapes: levels.map(levelLine),
      annotations: levels.map(levelName),
      ...legendAbove(Math.ceil(series.length / 3), 'h'),
    },
  };
}

function trace({ name, family, variant, costs, medians, q16, q84 }: TradeOffSeries, place: number): Trace {
  const { colour, symbol } = seriesStyle(family, variant);
  return {
    type: 'scatter',
    mode: 'lines+markers',
    name: plainText(name),
    x: costs.map((cost) => cost * (1 + SPREAD * place)),
    y: medians,
    customdata: costs,
    line: { color: colour, width: 1.6, dash: dashes[variant % dashes.length] },
    marker: { color: colour, size: 10, symbol: `${symbol}${fills[variant % fills.length]}` },
    error_y: {
      type: 'data',
      symmetric: false,
      array: medians.map((median, i) => q84[i]! - median),
      arrayminus: medians.map((median, i) => median - q16[i]!),
      color: translucent(colour, 0.45),
      thickness: 1.4,
      width: 0,
    },
    hovertemplate: '%{customdata:.4g}: %{y:.4g} +%{error_y.array:.3g} −%{error_y.arrayminus:.3g}',
  };
}

const LEVEL_COLOUR = '#888888';

function levelLine({ median }: TradeOffLevel): Shape {
  const line = { color: LEVEL_COLOUR, width: 1.4, dash: 'dash' } as const;
  return {
    type: 'line',
    xref: 'paper',
    x0: 0,
    x1: 1,
    yref: 'y',
    y0: median,
    y1: median,
    line,
    layer: 'below',
  };
}

/** Names stand on the right and on the left in turn, as levels may lie close to each other. */
function levelName({ name, median }: TradeOffLevel, position: number): Annotation {
  const isRight = position % 2 === 0;
  return {
    text: plainText(name),
    x: isRight ? 0.995 : 0.005,
    xanchor: isRight ? 'right' : 'left',
    y: median,
    yanchor: 'bottom',
    xref: 'paper',
    yref: 'y',
    showarrow: false,
  };
}
