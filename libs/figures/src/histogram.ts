import { seriesStyle, translucent } from './colours.ts';
import { legendOf, logarithmicAxis, type Annotation, type Axis, type Figure, type Trace } from './figure.ts';
import { spreadText } from './number-text.ts';
import { stepOutline } from './steps.ts';

/** Counts of one quantity for one algorithm, in the bins of the figure. */
export interface HistogramSeries {
  /** Algorithm (`ae`, `stc`, ...) or any other name. */
  readonly name: string;
  readonly counts: ArrayLike<number>;
  /** Quantiles of the values themselves; the central one and the 0.16 and 0.84 ones. */
  readonly median?: number;
  readonly q16?: number;
  readonly q84?: number;
}

/** A histogram of one or more series with common bins. */
export interface HistogramInput {
  /** Bin edges, one more than counts. */
  readonly edges: ArrayLike<number>;
  readonly series: readonly HistogramSeries[];
  /** Axis title with unit, for example `EMD [cells]`; may use Plotly markup. */
  readonly xTitle: string;
  /** Default: `Modules`. */
  readonly yTitle?: string;
  readonly logX?: boolean;
  readonly logY?: boolean;
  /** Fill below the steps of a linear axis; default true. Several similar shapes are clearer without. */
  readonly filled?: boolean;
}

/** Step histograms; median and the distances to the 0.16 and 0.84 quantiles stand above the frame. */
export function histogram({
  edges,
  series,
  xTitle,
  yTitle = 'Modules',
  logX = false,
  logY = false,
  filled = !logY,
}: HistogramInput): Figure {
  for (const { name, counts } of series) {
    if (counts.length + 1 !== edges.length) {
      throw new Error(`histogram ${name}: ${counts.length} counts for ${edges.length} bin edges`);
    }
  }
  const several = series.length > 1;
  const data = series.map((entry, position) => steps(entry, position, edges, { logY, filled }));
  return {
    data,
    layout: {
      xaxis: { title: { text: xTitle }, ...(logX ? { type: 'log' } : {}) },
      yaxis: { title: { text: yTitle }, ...(logY ? logarithmicCounts(series) : { rangemode: 'tozero' }) },
      ...(several ? legendOf(data.map(({ name = '' }) => name)) : { showlegend: false, margin: { t: 64 } }),
      annotations: several ? [] : series.flatMap(aboveFrame),
    },
  };
}

/** Around the counts that are not 0. */
function logarithmicCounts(series: readonly HistogramSeries[]): Axis {
  const counts = series.flatMap((entry) => Array.from(entry.counts)).filter((count) => count > 0);
  return counts.length === 0
    ? { type: 'log' }
    : logarithmicAxis(Math.min(...counts) / 2, Math.max(...counts) * 2);
}

function steps(
  series: HistogramSeries,
  position: number,
  edges: ArrayLike<number>,
  { logY, filled }: { readonly logY: boolean; readonly filled: boolean },
): Trace {
  const { label, colour, dash } = seriesStyle(series.name, position);
  const counts = Array.from(series.counts, (count) => (logY && count <= 0 ? NaN : count));
  return {
    type: 'scatter',
    mode: 'lines',
    name: [label, quantileText(series)].filter((part) => part !== '').join(': '),
    ...stepOutline(edges, counts),
    customdata: counts.flatMap((_, bin) => [edges[bin], edges[bin]]),
    line: { color: colour, width: 2, dash: position === 0 ? 'solid' : dash },
    ...(filled ? { fill: 'tozeroy', fillcolor: translucent(colour, position === 0 ? 0.25 : 0.1) } : {}),
    hovertemplate: 'from %{customdata:.4g}: %{y:.4g}',
  };
}

/** `median 1.10 (−0.39 +0.61)`; empty without quantiles. */
function quantileText({ median, q16, q84 }: HistogramSeries): string {
  if (median === undefined || q16 === undefined || q84 === undefined) return '';
  return `median ${spreadText(q16, median, q84, 3)}`;
}

function aboveFrame(series: HistogramSeries): Annotation[] {
  const text = quantileText(series);
  if (text === '') return [];
  const place = { x: 1, y: 1.02, xref: 'paper', yref: 'paper', xanchor: 'right', yanchor: 'bottom' } as const;
  return [{ text, ...place, showarrow: false }];
}
