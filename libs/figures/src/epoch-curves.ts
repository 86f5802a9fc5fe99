import { seriesStyle } from './colours.ts';
import { legendOf, type Figure, type Layout, type Trace } from './figure.ts';

/** A number after every epoch, starting with epoch 1. */
export interface EpochSeries {
  readonly name: string;
  readonly values: ArrayLike<number>;
}

/** Curves against the epoch. */
export interface EpochCurvesInput {
  readonly series: readonly EpochSeries[];
  /** Axis title with unit; may use Plotly markup. */
  readonly yTitle: string;
  /** `automatic` is logarithmic where all values are positive. Default: linear. */
  readonly scale?: 'linear' | 'automatic';
  /** Epoch (from 1) marked by a line. */
  readonly bestEpoch?: number;
}

const MARK = { color: '#8b949e', width: 1.5, dash: 'dot' } as const;
/** With fewer epochs than this each one is a point. */
const FEW = 30;
/** Up to this many epochs each one has a tick; there is nothing between them. */
const FEW_TICKS = 10;

/** Curves against the epoch; values that are not finite leave gaps. */
export function epochCurves(input: EpochCurvesInput): Figure {
  const { series, yTitle, scale = 'linear', bestEpoch } = input;
  const isPositive = series.every(({ values }) => Array.from(values).every((value) => !(value <= 0)));
  const longest = Math.max(0, ...series.map(({ values }) => values.length));
  return {
    data: series.map(curve),
    layout: {
      xaxis: { title: { text: 'Epoch' }, ...(longest <= FEW_TICKS ? { dtick: 1 } : {}) },
      yaxis: { title: { text: yTitle }, type: scale === 'automatic' && isPositive ? 'log' : 'linear' },
      ...legendOf(series.map(({ name }) => name)),
      ...(bestEpoch === undefined ? {} : epochMark(bestEpoch)),
    },
  };
}

function curve({ name, values }: EpochSeries, position: number): Trace {
  const { label, colour, dash } = seriesStyle(name, position);
  return {
    type: 'scatter',
    mode: values.length < FEW ? 'lines+markers' : 'lines',
    name: label,
    x: Array.from(values, (_, epoch) => epoch + 1),
    y: Array.from(values, (value) => (Number.isFinite(value) ? value : null)),
    line: { color: colour, dash, width: 2.5 },
    hovertemplate: 'epoch %{x}: %{y:.5g}',
  };
}

/** The line; its label stands above the frame, where no curve runs. */
function epochMark(epoch: number): Pick<Layout, 'shapes' | 'annotations'> {
  const label = { x: 1, y: 1.02, xref: 'paper', yref: 'paper', xanchor: 'right', yanchor: 'bottom' } as const;
  return {
    shapes: [{ type: 'line', x0: epoch, x1: epoch, y0: 0, y1: 1, xref: 'x', yref: 'paper', line: MARK }],
    annotations: [{ ...label, text: `best epoch ${epoch}`, showarrow: false }],
  };
}
