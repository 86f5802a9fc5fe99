import { chargeScale } from './colours.ts';
import { type Figure } from './figure.ts';

/** A quantity on a grid. */
export interface HeatmapInput {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** [y, x]; values that are not finite leave gaps. */
  readonly values: ArrayLike<number>;
  /** Titles with units; may use Plotly markup. */
  readonly xTitle: string;
  readonly yTitle: string;
  /** Of the colour bar. */
  readonly title: string;
}

/**
 * A quantity as colours on a grid.
 * @throws Error when there are not as many values as grid points
 */
export function heatmap({ x, y, values, xTitle, yTitle, title }: HeatmapInput): Figure {
  if (values.length !== x.length * y.length) {
    throw new Error(`heatmap ${title}: ${values.length} values for ${x.length} x ${y.length} points`);
  }
  const rows = y.map((_, row) =>
    x.map((_point, column) => {
      const value = values[row * x.length + column]!;
      return Number.isFinite(value) ? value : null;
    }),
  );
  return {
    data: [
      {
        type: 'heatmap',
        x,
        y,
        z: rows,
        colorscale: chargeScale,
        colorbar: { title: { text: title, side: 'right' } },
        hovertemplate: '%{x:.3g}, %{y:.3g}: %{z:.4g}',
      },
    ],
    layout: { xaxis: { title: { text: xTitle } }, yaxis: { title: { text: yTitle } }, showlegend: false },
  };
}
