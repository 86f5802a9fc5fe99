import type { Values } from './figure.ts';

/** Corners of a line. */
export interface Outline {
  readonly x: readonly number[];
  readonly y: Values;
}

/**
 * Outline of a step histogram, two corners for each bin.
 * @param floor what lower values and NaN are drawn at, positive for a logarithmic axis; without it NaN leaves a gap
 */
export function stepOutline(edges: ArrayLike<number>, values: ArrayLike<number>, floor?: number): Outline {
  const bins = Array.from(values);
  return {
    x: bins.flatMap((_, bin) => [edges[bin], edges[bin + 1]]),
    y: bins.flatMap((value) => {
      const drawn = floor === undefined || value >= floor ? value : floor;
      return Number.isNaN(drawn) ? [null, null] : [drawn, drawn];
    }),
  };
}

/** Closed outline between two step lines, for a band. */
export function stepBand(
  edges: ArrayLike<number>,
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
  floor: number,
): Outline {
  const above = stepOutline(edges, upper, floor);
  const below = stepOutline(edges, lower, floor);
  return { x: [...above.x, ...[...below.x].reverse()], y: [...above.y, ...[...below.y].reverse()] };
}

/** Middle of each bin; the geometric mean where the axis is logarithmic and the bin positive. */
export function middles(edges: ArrayLike<number>, isLogarithmic: boolean): Values {
  return Array.from({ length: edges.length - 1 }, (_, bin) =>
    isLogarithmic && edges[bin] > 0
      ? Math.sqrt(edges[bin] * edges[bin + 1])
      : (edges[bin] + edges[bin + 1]) / 2,
  );
}
