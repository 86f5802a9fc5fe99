import { palette } from './colours.ts';
import { legendAbove, plainText, type Figure } from './figure.ts';

/** A choice between two costs. */
export interface ParetoChoice {
  readonly x: number;
  readonly y: number;
  /** Shown when the pointer is over it. */
  readonly label: string;
}

/** Choices to compare. */
export interface ParetoInput {
  readonly points: readonly ParetoChoice[];
  /** Axis titles with units; may use Plotly markup. */
  readonly xTitle: string;
  readonly yTitle: string;
}

/** All choices as points, those that none beats in both costs joined by a line; less is better on both axes. */
export function paretoFront({ points, xTitle, yTitle }: ParetoInput): Figure {
  const front = points
    .filter((point) => !points.some((other) => beats(other, point)))
    .sort((a, b) => a.x - b.x || b.y - a.y);
  const trace = (name: string, chosen: readonly ParetoChoice[], position: number) => ({
    type: 'scatter' as const,
    name,
    x: chosen.map(({ x }) => x),
    y: chosen.map(({ y }) => y),
    text: chosen.map(({ label }) => plainText(label)),
    marker: { color: palette[position], size: position === 0 ? 9 : 6 },
    hovertemplate: '%{text}: %{x:.5g}, %{y:.4g}',
  });
  return {
    data: [
      { ...trace('All', points, 1), mode: 'markers' },
      {
        ...trace('Front', front, 0),
        mode: 'lines+markers',
        line: { color: palette[0], width: 2, shape: 'hv' },
      },
    ],
    layout: {
      xaxis: { title: { text: xTitle } },
      yaxis: { title: { text: yTitle } },
      ...legendAbove(1, 'h'),
    },
  };
}

function beats(a: ParetoChoice, b: ParetoChoice): boolean {
  return a.x <= b.x && a.y <= b.y && (a.x < b.x || a.y < b.y);
}
