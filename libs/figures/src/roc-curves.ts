import { seriesStyle } from './colours.ts';
import { legendOf, logarithmicAxis, plainText, type Figure, type Trace } from './figure.ts';

/** A curve over cuts, loosening. */
export interface RocSeries {
  readonly name: string;
  /** True positive rate, [cuts]. */
  readonly signalEfficiency: ArrayLike<number>;
  /** False positive rate, [cuts]. */
  readonly backgroundEfficiency: ArrayLike<number>;
  /** Area under the curve, stated in the legend. */
  readonly area?: number;
  /** Cuts to mark. */
  readonly workingPoints?: readonly RocPoint[];
}

/** One cut of a curve. */
export interface RocPoint {
  /** Shown when the pointer is over it. */
  readonly label: string;
  readonly signalEfficiency: number;
  readonly backgroundEfficiency: number;
}

/** ROC curves with common axes. */
export interface RocInput {
  readonly series: readonly RocSeries[];
  /** Axis titles; may use Plotly markup. */
  readonly xTitle?: string;
  readonly yTitle?: string;
}

/** Steps that a curve is thinned to on each axis: more cannot be told apart. */
const RESOLUTION = 300;

/**
 * Background rejection (1 / false positive rate, logarithmic) against signal efficiency. Cuts that no background passes
 * are left out; a dotted line shows a score that tells nothing.
 */
export function rocCurves({
  series,
  xTitle = 'Signal efficiency',
  yTitle = 'Background rejection',
}: RocInput): Figure {
  const curves = series.map(curve);
  return {
    data: [chance, ...curves, ...series.flatMap(markedPoints)],
    layout: {
      xaxis: { title: { text: xTitle }, range: [0, 1] },
      yaxis: { title: { text: yTitle }, ...logarithmicAxis(0.8, 2 * highestRejection(curves)) },
      ...legendOf(curves.map(({ name = '' }) => name)),
    },
  };
}

/** The curve of chance counts for no more than one decade. */
function highestRejection(curves: readonly Trace[]): number {
  return Math.max(10, ...curves.flatMap(({ y }) => y.map((value) => value ?? 0)));
}

/** What a score without information does: it passes as much background as signal. */
const chance: Trace = {
  type: 'scatter',
  mode: 'lines',
  name: 'no discrimination',
  x: Array.from({ length: 100 }, (_, i) => (i + 1) / 100),
  y: Array.from({ length: 100 }, (_, i) => 100 / (i + 1)),
  line: { color: '#8b949e', dash: 'dot', width: 1.5 },
  showlegend: false,
  hoverinfo: 'skip',
};

function curve(series: RocSeries, position: number): Trace {
  const { label, colour, dash } = seriesStyle(series.name, position);
  const points = thinned(series);
  return {
    type: 'scatter',
    mode: 'lines',
    name: series.area === undefined ? label : `${label}, AUC ${series.area.toFixed(3)}`,
    x: points.map(([x]) => x),
    y: points.map(([, y]) => y),
    line: { color: colour, dash, width: 2.5 },
    hovertemplate: 'signal %{x:.3f}, rejection %{y:.4g}',
  };
}

/** Signal efficiency and rejection of the cuts, without those that would lie on the same spot of the page. */
function thinned({ signalEfficiency, backgroundEfficiency }: RocSeries): [number, number][] {
  const points: [number, number][] = [];
  const decades = Math.log10(1 / (Array.from(backgroundEfficiency).find((part) => part > 0) ?? 1)) || 1;
  let [lastSpot, isShown] = [NaN, true];
  let last: [number, number] | undefined;
  for (let cut = 0; cut < signalEfficiency.length; cut++) {
    const [signal, rejection] = [signalEfficiency[cut], 1 / backgroundEfficiency[cut]];
    if (!Number.isFinite(signal) || !Number.isFinite(rejection)) continue;
    const row = Math.round((Math.log10(rejection) / decades) * RESOLUTION);
    const spot = Math.round(signal * RESOLUTION) + 2 * RESOLUTION * row;
    isShown = spot !== lastSpot;
    lastSpot = spot;
    last = [signal, rejection];
    if (isShown) points.push(last);
  }
  if (!isShown && last !== undefined) points.push(last);
  return points;
}

function markedPoints({ name, workingPoints = [] }: RocSeries, position: number): Trace[] {
  const shown = workingPoints.filter(({ backgroundEfficiency }) => backgroundEfficiency > 0);
  if (shown.length === 0) return [];
  const { colour, symbol } = seriesStyle(name, position);
  return [
    {
      type: 'scatter',
      mode: 'markers',
      x: shown.map(({ signalEfficiency }) => signalEfficiency),
      y: shown.map(({ backgroundEfficiency }) => 1 / backgroundEfficiency),
      text: shown.map(({ label }) => plainText(label)),
      marker: { color: colour, symbol, size: 11, line: { color: '#ffffff', width: 1.5 } },
      showlegend: false,
      hovertemplate: '%{text}: signal %{x:.3f}, rejection %{y:.4g}<extra></extra>',
    },
  ];
}
