import { plainText, type Figure } from './figure.ts';

/** A symmetric matrix of correlations. */
export interface CorrelationMapInput {
  readonly names: readonly string[];
  /** [names, names], from -1 to 1; NaN leaves a gap. */
  readonly values: ArrayLike<number>;
}

/** ColorBrewer's RdBu: negative blue, zero white, positive red; for all kinds of colour vision. */
export const diverging: readonly (readonly [number, string])[] = [
  [0, '#2166ac'],
  [0.25, '#92c5de'],
  [0.5, '#f7f7f7'],
  [0.75, '#f4a582'],
  [1, '#b2182b'],
];

/** Correlations as a map from -1 to 1, the first name at the top left; values stand in the cells of small maps. */
export function correlationMap({ names, values }: CorrelationMapInput): Figure {
  const count = names.length;
  const positions = names.map((_, i) => i);
  const rows = positions.map((row) =>
    positions.map((column) => {
      const value = values[row * count + column]!;
      return Number.isFinite(value) ? value : null;
    }),
  );
  const labels = names.map(plainText);
  return {
    data: [
      {
        type: 'heatmap',
        x: positions,
        y: positions,
        z: rows,
        zmin: -1,
        zmax: 1,
        colorscale: diverging,
        colorbar: { title: { text: 'Correlation', side: 'right' } },
        hovertemplate: '%{x}, %{y}: %{z:.3f}',
      },
    ],
    layout: {
      xaxis: { tickvals: positions, ticktext: labels },
      yaxis: { tickvals: positions, ticktext: labels, range: [count - 0.5, -0.5] },
      showlegend: false,
      annotations: count > 8 ? [] : rows.flatMap((row, i) => row.map((value, j) => cellText(value, j, i))),
    },
  };
}

function cellText(value: number | null, x: number, y: number) {
  const text = value === null ? '–' : value.toFixed(2).replace('-0.00', '0.00').replace('-', '−');
  return {
    text,
    x,
    y,
    xref: 'x',
    yref: 'y',
    xanchor: 'center',
    yanchor: 'middle',
    showarrow: false,
  } as const;
}
