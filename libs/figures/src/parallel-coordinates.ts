import { chargeColour } from './colours.ts';
import { plainText, type Annotation, type Figure, type Shape, type Trace } from './figure.ts';

/** A vertical axis. */
export interface CoordinateAxis {
  /** May use Plotly markup. */
  readonly title: string;
  /** What stands at 0, 1, ... from bottom to top; without it the axis is that of a number. */
  readonly categories?: readonly string[];
}

/** A thing that has a value on each axis. */
export interface CoordinateLine {
  readonly label: string;
  /** A number, or the position of a category, for each axis; null where there is none. */
  readonly values: readonly (number | null)[];
  /** From 0 (pale) to 1 (dark, thick); null is grey. */
  readonly strength: number | null;
}

/** What `parallelCoordinates` draws. */
export interface ParallelCoordinatesInput {
  readonly axes: readonly CoordinateAxis[];
  /** Drawn one over the other, so the most important one comes last. */
  readonly lines: readonly CoordinateLine[];
}

/** Where on an axis its values stand: `offset + scale * value`, from 0 to 1. */
interface Scale {
  readonly lowest: number;
  readonly highest: number;
}

const GREY = '#8b949e';
/** Paler lines would not be seen on white. */
const PALEST = 0.3;
/** Part of an axis over which lines of the same category are spread, so that they can be told apart. */
const SPREAD = 0.05;

/**
 * One line for each thing across all axes. Plain lines, not Plotly's own trace of this name, which needs WebGL and code
 * made while it runs, which the report forbids.
 */
export function parallelCoordinates({ axes, lines }: ParallelCoordinatesInput): Figure {
  const scales = axes.map((axis, index) =>
    scaleOf(
      axis,
      lines.map(({ values }) => values[index]),
    ),
  );
  return {
    data: lines.map((line, index) => trace(line, index / Math.max(1, lines.length - 1) - 0.5, axes, scales)),
    layout: {
      showlegend: false,
      margin: { t: 20, b: 70 },
      xaxis: {
        range: [-0.35, axes.length - 0.5],
        tickvals: axes.map((_, index) => index),
        ticktext: axes.map(({ title }) => title),
        fixedrange: true,
      },
      yaxis: { range: [-0.06, 1.06], visible: false, fixedrange: true },
      shapes: axes.map((_, index) => vertical(index)),
      annotations: axes.flatMap((axis, index) => ticks(axis, scales[index], index)),
    },
  };
}

function scaleOf({ categories }: CoordinateAxis, values: readonly (number | null)[]): Scale {
  if (categories !== undefined) return { lowest: 0, highest: categories.length - 1 };
  const numbers = values.filter((value) => value !== null);
  return { lowest: Math.min(...numbers), highest: Math.max(...numbers) };
}

/** In the middle where all values are equal. */
function positionOf({ lowest, highest }: Scale, value: number): number {
  return highest > lowest ? (value - lowest) / (highest - lowest) : 0.5;
}

/** @param shift from -0.5 to 0.5, different for each line */
function trace(
  { label, values, strength }: CoordinateLine,
  shift: number,
  axes: readonly CoordinateAxis[],
  scales: readonly Scale[],
): Trace {
  const color = strength === null ? GREY : chargeColour(PALEST + (1 - PALEST) * strength);
  return {
    type: 'scatter',
    mode: 'lines+markers',
    name: plainText(label),
    x: values.map((_, index) => index),
    y: values.map((value, index) => {
      if (value === null) return null;
      return positionOf(scales[index], value) + (axes[index].categories === undefined ? 0 : SPREAD * shift);
    }),
    line: { color, width: strength === null ? 1 : 1 + 2 * strength },
    marker: { color, size: 5 },
    text: values.map((value, index) => (value === null ? '' : shown(axes[index], value))),
    hovertemplate: `${plainText(label)}: %{text}`,
  };
}

function shown({ categories }: CoordinateAxis, value: number): string {
  return plainText(categories?.[value] ?? String(Number(value.toPrecision(4))));
}

function vertical(x: number): Shape {
  return {
    type: 'line',
    x0: x,
    x1: x,
    y0: 0,
    y1: 1,
    xref: 'x',
    yref: 'y',
    line: { color: GREY, width: 1 },
    layer: 'below',
  };
}

function ticks(axis: CoordinateAxis, scale: Scale, x: number): Annotation[] {
  const { lowest, highest } = scale;
  const numbers = highest > lowest ? [lowest, (lowest + highest) / 2, highest] : [lowest];
  const values = axis.categories?.map((_, index) => index) ?? numbers.filter(Number.isFinite);
  return values.map((value) => ({
    text: shown(axis, value),
    x: x - 0.04,
    y: positionOf(scale, value),
    xref: 'x',
    yref: 'y',
    xanchor: 'right',
    yanchor: 'middle',
    showarrow: false,
  }));
}
