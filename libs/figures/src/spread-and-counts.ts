import { seriesStyle, translucent } from './colours.ts';
import { legendAbove, logarithmicAxis, type Axis, type Figure, type Trace } from './figure.ts';
import { stepBand, stepOutline } from './steps.ts';

/** Mean and spread of a quantity in bins, and the entries of the bins; all arrays [bins]. */
export interface SpreadSeries {
  readonly name: string;
  /** NaN where too few entries tell nothing. */
  readonly means: ArrayLike<number>;
  /** Standard deviations. */
  readonly spreads: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
}

/** Series with common bins. */
export interface SpreadInput {
  /** One more than bins. */
  readonly edges: ArrayLike<number>;
  /** The first one is the lowest in the stack. */
  readonly series: readonly SpreadSeries[];
  /** Bands are cut to this. */
  readonly range: readonly [number, number];
  /** Axis titles with units; may use Plotly markup. */
  readonly xTitle: string;
  readonly yTitle: string;
  readonly countTitle: string;
}

const panels = { spreads: [0.38, 1], counts: [0, 0.32] } as const;
/** Lower end of the axis of counts: bins without entries lie below it. */
const LEAST_COUNT = 0.5;

/** Means with bands of one standard deviation, and below them, over the same bins, the stacked entries, logarithmic. */
export function spreadAndCounts(input: SpreadInput): Figure {
  const { edges, series, range, xTitle, yTitle, countTitle } = input;
  const stack = stacked(series);
  const most = Math.max(1, ...stack.map((counts) => Math.max(...counts)));
  const x: Axis = { range: [edges[0], edges[edges.length - 1]] };
  const room = 0.05 * (range[1] - range[0]);
  return {
    data: series.flatMap((entry, position) => [
      ...spreads(entry, position, input),
      ...counts(entry.name, position, edges, stack),
    ]),
    layout: {
      height: 520,
      xaxis: { ...x, anchor: 'y', matches: 'x2', showticklabels: false },
      yaxis: { title: { text: yTitle }, domain: panels.spreads, range: [range[0], range[1] + room] },
      xaxis2: { ...x, anchor: 'y2', title: { text: xTitle } },
      yaxis2: {
        ...logarithmicAxis(LEAST_COUNT, 2 * most),
        title: { text: countTitle },
        domain: panels.counts,
        anchor: 'x2',
      },
      ...legendAbove(1, 'h'),
    },
  };
}

/** Counts of each series and those below it. */
function stacked(series: readonly SpreadSeries[]): number[][] {
  const sums: number[][] = [];
  for (const { counts } of series) {
    const below = sums.at(-1);
    sums.push(Array.from(counts, (count, bin) => count + (below?.[bin] ?? 0)));
  }
  return sums;
}

/** Bands bin by bin, and points. */
function spreads({ name, means, spreads }: SpreadSeries, position: number, input: SpreadInput): Trace[] {
  const { edges, range } = input;
  const { label, colour, symbol } = seriesStyle(name, position);
  const within = (value: number) => Math.min(range[1], Math.max(range[0], value));
  const filled = Array.from(means, (_, bin) => bin).filter((bin) => !Number.isNaN(means[bin]));
  const boxes = filled.map((bin) => {
    const [low, high] = [within(means[bin] - spreads[bin]), within(means[bin] + spreads[bin])];
    return stepBand([edges[bin], edges[bin + 1]], [low], [high], range[0]);
  });
  const points: Trace = {
    type: 'scatter',
    mode: 'markers',
    name: label,
    x: filled.map((bin) => (edges[bin] + edges[bin + 1]) / 2),
    y: filled.map((bin) => means[bin]),
    customdata: filled.map((bin) => spreads[bin]),
    marker: { color: colour, size: 7, symbol },
    hovertemplate: '%{x:.4g}: %{y:.3f}, spread %{customdata:.3f}',
  };
  // A gap ends each box, so that all of them are one trace.
  const band = filling(
    { x: boxes.flatMap(({ x }) => [...x, null]), y: boxes.flatMap(({ y }) => [...y, null]) },
    colour,
    0.25,
  );
  return [band, points];
}

/** Part of the stack that belongs to a series: filled, with its upper edge as a line. */
function counts(
  name: string,
  position: number,
  edges: ArrayLike<number>,
  stack: readonly (readonly number[])[],
): Trace[] {
  const { label, colour } = seriesStyle(name, position);
  const floor = LEAST_COUNT / 2;
  const top = stack[position];
  const below = position === 0 ? top.map(() => 0) : stack[position - 1];
  const panel = { xaxis: 'x2', yaxis: 'y2', showlegend: false } as const;
  const line: Trace = {
    type: 'scatter',
    mode: 'lines',
    name: label,
    ...stepOutline(edges, top, floor),
    line: { color: colour, width: 1.5 },
    customdata: top.flatMap((sum, bin) => [sum - below[bin], sum - below[bin]]),
    hovertemplate: '%{x:.4g}: %{customdata} entries',
    ...panel,
  };
  return [{ ...filling(stepBand(edges, below, top, floor), colour, 0.35), ...panel }, line];
}

function filling(outline: Pick<Trace, 'x' | 'y'>, colour: string, opacity: number): Trace {
  return {
    type: 'scatter',
    mode: 'lines',
    ...outline,
    fill: 'toself',
    fillcolor: translucent(colour, opacity),
    line: { width: 0 },
    showlegend: false,
    hoverinfo: 'skip',
  };
}
