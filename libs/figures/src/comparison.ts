import { chargeScale, palette } from './colours.ts';
import type { Figure } from './figure.ts';

/** Pairs of two estimates of the same quantity, counted in bins that both axes share. */
export interface ComparisonInput {
  /** Bin edges, [bins + 1]. */
  readonly edges: ArrayLike<number>;
  /** Pairs per bin, [bins, bins] with y along the rows. */
  readonly counts: ArrayLike<number>;
  /** Axis titles with unit; may use Plotly markup. */
  readonly xTitle: string;
  readonly yTitle: string;
}

/** Two-dimensional histogram with the diagonal on which both estimates agree; colour is logarithmic, empty bins are blank. */
export function comparison({ edges, counts, xTitle, yTitle }: ComparisonInput): Figure {
  const bins = edges.length - 1;
  if (counts.length !== bins * bins) {
    throw new Error(
      `comparison: ${counts.length} counts for ${bins} bins on both axes, expected ${bins ** 2}`,
    );
  }
  const cell = (count: number) => (count > 0 ? Math.round(1000 * Math.log10(count)) / 1000 : null);
  const rows = Array.from({ length: bins }, (_, row) =>
    Array.from({ length: bins }, (_, column) => cell(counts[row * bins + column]!)),
  );
  const range = [edges[0]!, edges[bins]!] as const;
  return {
    data: [
      {
        type: 'heatmap',
        x: Array.from(edges),
        y: Array.from(edges),
        z: rows,
        colorscale: chargeScale,
        colorbar: { title: { text: 'log<sub>10</sub>(pairs)', side: 'right' } },
        hovertemplate: '%{x:.3g}, %{y:.3g}: 10^%{z:.2f}',
      },
      {
        type: 'scatter',
        mode: 'lines',
        name: 'equal',
        x: range,
        y: range,
        line: { color: palette[1], width: 1.5, dash: 'dash' },
      },
    ],
    layout: {
      xaxis: { title: { text: xTitle }, range },
      yaxis: { title: { text: yTitle }, range },
      showlegend: false,
    },
  };
}
