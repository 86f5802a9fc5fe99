import { palette } from './colours.ts';
import { legendAbove, plainText, type Figure, type Trace } from './figure.ts';

/** Loss after every epoch, starting with epoch 1. */
export interface LossHistory {
  readonly training: ArrayLike<number>;
  readonly validation?: ArrayLike<number>;
  /** Name of the loss for the axis. */
  readonly lossName?: string;
  /** Epoch (from 1) whose weights are kept, marked by a line. */
  readonly bestEpoch?: number;
}

/** Training and validation loss against the epoch, logarithmic where all values are positive. */
export function lossCurves({ training, validation, lossName = 'loss', bestEpoch }: LossHistory): Figure {
  const curves: [string, ArrayLike<number>, string, 'solid' | 'dash'][] = [
    ['Training', training, palette[0], 'solid'],
  ];
  if (validation) curves.push(['Validation', validation, palette[1], 'dash']);
  const isPositive = curves.every(([, values]) => Array.from(values).every((value) => !(value <= 0)));
  const data = curves.map(([name, values, color, dash]): Trace => ({
    type: 'scatter',
    mode: values.length < 30 ? 'lines+markers' : 'lines',
    name,
    x: Array.from(values, (_, epoch) => epoch + 1),
    y: Array.from(values, (value) => (Number.isFinite(value) ? value : null)),
    line: { color, dash, width: 2.5 },
    hovertemplate: 'epoch %{x}: %{y:.5g}',
  }));
  return {
    data,
    layout: {
      xaxis: { title: { text: 'Epoch' } },
      yaxis: { title: { text: capitalised(plainText(lossName)) }, type: isPositive ? 'log' : 'linear' },
      ...legendAbove(1, 'h'),
      ...(bestEpoch === undefined ? {} : bestEpochMark(bestEpoch)),
    },
  };
}

function bestEpochMark(epoch: number): Pick<Figure['layout'], 'shapes' | 'annotations'> {
  return {
    shapes: [
      {
        type: 'line',
        x0: epoch,
        x1: epoch,
        y0: 0,
        y1: 1,
        xref: 'x',
        yref: 'paper',
        line: { color: '#8b949e', width: 1.5, dash: 'dot' },
      },
    ],
    annotations: [
      {
        text: `best epoch ${epoch} `,
        x: epoch,
        y: 0.55,
        xref: 'x',
        yref: 'paper',
        xanchor: 'right',
        yanchor: 'middle',
        showarrow: false,
      },
    ],
  };
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
