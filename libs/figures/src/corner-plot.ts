/** Several quantities against each other: panels below the diagonal, their distributions on it. */
import { binIndices, correlationMatrix, histogram, quantiles } from '@hep/statistics';
import type { Binning } from '@hep/statistics';
import { palette, translucent } from './colours.ts';
import { diverging } from './correlation-map.ts';
import { plainText } from './figure.ts';
import type { Annotation, Axis, Figure, Trace } from './figure.ts';
import { spreadText } from './number-text.ts';
import { stepOutline } from './steps.ts';

/** Quantities of the same objects. */
export interface CornerPlotInput {
  /** Plain text with units, one for each quantity. */
  readonly names: readonly string[];
  /** Values of each quantity, all of the same length. */
  readonly columns: readonly ArrayLike<number>[];
  /** Default 50. */
  readonly bins?: number;
}

/** Outermost part of the values at each end that is not drawn. */
const TAIL = 0.0025;
/** Parts of the objects within the contours: those of one standard deviation in two dimensions, and 90 %. */
const WITHIN = [1 - Math.exp(-0.5), 0.9] as const;
const GAP = 0.02;
/** Height of a panel in pixels. */
const PANEL = 190;

/**
 * Panel (row i, column j < i) has the contours that hold 39.3 % and 90 % of the objects, in the colour of the correlation
 * of the two quantities; on the diagonal stands the histogram, above it median and distances to the 0.16 and 0.84
 * quantiles. Values from the 0.25 % to the 99.75 % quantile are drawn.
 */
export function cornerPlot({ names, columns, bins = 50 }: CornerPlotInput): Figure {
  const count = names.length;
  const binnings = columns.map((values) => binningOf(values, bins));
  const correlations = correlationMatrix(columns);
  const data: Trace[] = [];
  const axes: Record<`xaxis${string}` | `yaxis${string}`, Axis> = {};
  for (let row = 0; row < count; row++) {
    for (let column = 0; column <= row; column++) {
      const panel = row * count + column + 1;
      const isBottom = row === count - 1;
      const { min, max } = binnings[column];
      axes[`xaxis${panel}`] = {
        domain: domainOf(column, count),
        anchor: `y${panel}`,
        range: [min, max],
        showticklabels: isBottom,
        ...(isBottom ? { title: { text: plainText(names[column]) } } : {}),
      };
      axes[`yaxis${panel}`] = yAxis(row, column, count, binnings[row], names[row]);
      const place = { xaxis: `x${panel}`, yaxis: `y${panel}`, showlegend: false };
      if (row === column) data.push({ ...distribution(columns[row], binnings[row]), ...place });
      else {
        const colour = colourOf(correlations[row * count + column]);
        data.push({
          ...contours(columns[column], columns[row], binnings[column], binnings[row], colour),
          ...place,
        });
      }
    }
  }
  return {
    data,
    layout: {
      ...axes,
      height: PANEL * count + 90,
      showlegend: false,
      margin: { t: 40 },
      annotations: names.map((_, i) => spreadAbove(columns[i], i, count)),
    },
  };
}

function binningOf(values: ArrayLike<number>, bins: number): Binning {
  const [low, high] = quantiles(values, [TAIL, 1 - TAIL]);
  return high > low ? { bins, min: low, max: high } : { bins, min: low - 0.5, max: high + 0.5 };
}

/** Columns from left to right; rows take the same from bottom to top. */
function domainOf(index: number, count: number): [number, number] {
  const size = 1 / count;
  return [index * size + GAP / 2, (index + 1) * size - GAP / 2];
}

function yAxis(row: number, column: number, count: number, { min, max }: Binning, name: string): Axis {
  const panel = row * count + column + 1;
  const place = { domain: domainOf(count - 1 - row, count), anchor: `x${panel}` };
  if (row === column) return { ...place, rangemode: 'tozero', showticklabels: false };
  const isFirst = column === 0;
  return {
    ...place,
    range: [min, max],
    showticklabels: isFirst,
    ...(isFirst ? { title: { text: plainText(name) } } : {}),
  };
}

function distribution(values: ArrayLike<number>, binning: Binning): Trace {
  const { edges, counts } = histogram(values, binning);
  return {
    type: 'scatter',
    mode: 'lines',
    ...stepOutline(edges, counts, 0),
    line: { color: palette[0], width: 1.5 },
    fill: 'tozeroy',
    fillcolor: translucent(palette[0], 0.25),
    hoverinfo: 'skip',
  };
}

function contours(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  binningX: Binning,
  binningY: Binning,
  colour: string,
): Trace {
  const rows = smoothed(counts2d(x, y, binningX, binningY));
  const [inner, outer] = WITHIN.map((part) => levelOf(rows, part));
  const centres = ({ bins, min, max }: Binning) =>
    Array.from({ length: bins }, (_, i) => min + ((i + 0.5) * (max - min)) / bins);
  return {
    type: 'contour',
    x: centres(binningX),
    y: centres(binningY),
    z: rows.map((row) => [...row]),
    contours: { start: outer, end: inner, size: Math.max(inner - outer, 1e-9), coloring: 'fill' },
    colorscale: [
      [0, 'rgba(255, 255, 255, 0)'],
      [0.5, translucent(colour, 0.45)],
      [1, colour],
    ],
    line: { color: '#444444', width: 1 },
    showscale: false,
    hoverinfo: 'skip',
  };
}

function counts2d(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  binningX: Binning,
  binningY: Binning,
): Float64Array[] {
  const [columns, rows] = [binIndices(x, binningX), binIndices(y, binningY)];
  const counts = Array.from({ length: binningY.bins }, () => new Float64Array(binningX.bins));
  for (let i = 0; i < columns.length; i++) {
    if (columns[i] >= 0 && rows[i] >= 0) counts[rows[i]][columns[i]]++;
  }
  return counts;
}

/** Means over 3 x 3 bins, so that contours follow the distribution and not its noise. */
function smoothed(rows: readonly Float64Array[]): Float64Array[] {
  const near = [-1, 0, 1];
  return rows.map((row, i) =>
    row.map((_, j) => {
      const cells = near.flatMap((di) => near.map((dj) => rows[i + di]?.[j + dj] ?? 0));
      return cells.reduce((sum, value) => sum + value, 0) / cells.length;
    }),
  );
}

/** Content above which the bins hold a part of the sum. */
function levelOf(rows: readonly Float64Array[], part: number): number {
  const contents = Float64Array.from(rows.flatMap((row) => [...row]))
    .sort()
    .reverse();
  const whole = contents.reduce((sum, value) => sum + value, 0);
  let inside = 0;
  const last = contents.findIndex((value) => (inside += value) >= part * whole);
  return contents[Math.max(0, last)];
}

/** Colour of a correlation from -1 to 1, linear between those of the map. */
function colourOf(correlation: number): string {
  const position = Math.min(1, Math.max(0, (1 + (Number.isFinite(correlation) ? correlation : 0)) / 2));
  const upper = Math.max(
    1,
    diverging.findIndex(([at]) => at >= position),
  );
  const [[from, low], [to, high]] = [diverging[upper - 1], diverging[upper]];
  const channel = (start: number) => {
    const [a, b] = [low, high].map((colour) => Number.parseInt(colour.slice(start, start + 2), 16));
    return Math.round(a + ((position - from) / (to - from)) * (b - a))
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}

function spreadAbove(values: ArrayLike<number>, index: number, count: number): Annotation {
  const [low, middle, high] = quantiles(values, [0.16, 0.5, 0.84]);
  return {
    text: spreadText(low, middle, high, 2),
    x: domainOf(index, count)[1],
    y: domainOf(count - 1 - index, count)[1],
    xref: 'paper',
    yref: 'paper',
    xanchor: 'right',
    yanchor: 'bottom',
    showarrow: false,
  };
}
