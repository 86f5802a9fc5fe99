import { seriesStyle } from './colours.ts';
import { legendOf, plainText, type Figure, type Layout, type Line, type Trace } from './figure.ts';

/** A number after every epoch, starting with epoch 1. */
export interface EpochSeries {
  readonly name: string;
  readonly values: ArrayLike<number>;
  /** Series of one look have the same colour; default: its position. */
  readonly look?: number;
  readonly dash?: Line['dash'];
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
  /** Horizontal line with its plain text, for example what chance would give. */
  readonly level?: { readonly value: number; readonly label: string };
}

const MARK = { color: '#8b949e', width: 1.5, dash: 'dot' } as const;
/** With fewer epochs than this each one is a point. */
const FEW = 30;
/** Up to this many epochs each one has a tick; there is nothing between them. */
const FEW_TICKS = 10;

/** Curves against the epoch; values that are not finite leave gaps. */
export function epochCurves(input: EpochCurvesInput): Figure {
  const { series, yTitle, scale = 'linear', bestEpoch, level } = input;
  const isPositive = series.every(({ values }) => Array.from(values).every((value) => !(value <= 0)));
  const longest = Math.max(0, ...series.map(({ values }) => values.length));
  const marks = [
    ...(bestEpoch === undefined ? [] : [epochMark(bestEpoch)]),
    ...(level === undefined ? [] : [levelMark(level.value, level.label)]),
  ];
  return {
    data: series.map(curve),
    layout: {
      xaxis: { title: { text: 'Epoch' }, ...(longest <= FEW_TICKS ? { dtick: 1 } : {}) },
      yaxis: { title: { text: yTitle }, type: scale === 'automatic' && isPositive ? 'log' : 'linear' },
      ...legendOf(series.map(({ name }) => name)),
      shapes: marks.flatMap(({ shapes = [] }) => shapes),
      annotations: marks.flatMap(({ annotations = [] }) => annotations),
    },
  };
}

function curve({ name, values, look, dash }: EpochSeries, position: number): Trace {
  const style = seriesStyle(name, look ?? position);
  return {
    type: 'scatter',
    mode: values.length < FEW ? 'lines+markers' : 'lines',
    name: style.label,
    x: Array.from(values, (_, epoch) => epoch + 1),
    y: Array.from(values, (value) => (Number.isFinite(value) ? value : null)),
    line: { color: style.colour, dash: dash ?? style.dash, width: 2.5 },
    hovertemplate: 'epoch %{x}: %{y:.5g}',
  };
}

type Mark = Pick<Layout, 'shapes' | 'annotations'>;

function epochMark(epoch: number): Mark {
  const label = {
    text: `best epoch ${epoch} `,
    xanchor: 'right',
    yanchor: 'middle',
    showarrow: false,
  } as const;
  return {
    shapes: [{ type: 'line', x0: epoch, x1: epoch, y0: 0, y1: 1, xref: 'x', yref: 'paper', line: MARK }],
    annotations: [{ ...label, x: epoch, y: 0.55, xref: 'x', yref: 'paper' }],
  };
}

function levelMark(value: number, text: string): Mark {
  const label = { text: plainText(text), xanchor: 'right', yanchor: 'bottom', showarrow: false } as const;
  return {
    shapes: [{ type: 'line', x0: 0, x1: 1, y0: value, y1: value, xref: 'paper', yref: 'y', line: MARK }],
    annotations: [{ ...label, x: 0.99, y: value, xref: 'paper', yref: 'y' }],
  };
}
