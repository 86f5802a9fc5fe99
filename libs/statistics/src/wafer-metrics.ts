/**
 * How well a module's pattern survives compression (Ecoder study, utils/metrics.py), for patterns x (input) and y
 * (output) of 48 trigger cells. The exact earth mover's distance is in @hep/optimal-transport.
 */
import { TRIGGER_CELLS, triggerCellCentres, triggerCellSpread } from '@hep/hgcal-geometry';

/** Patterns [batch, 48]. */
export type Patterns = Float32Array | Float64Array;

/** Value for an empty input; tested first. */
export const EMPTY_INPUT = -1;
/** Value for an empty output. */
export const EMPTY_OUTPUT = -0.5;

/** Compares the patterns at `xOffset` and `yOffset`. */
type Comparison = (x: Patterns, y: Patterns, xOffset: number, yOffset: number) => number;

const centres = triggerCellCentres();
const { sigmaX, sigmaY } = triggerCellSpread();

/**
 * Values of one metric for a batch.
 * - `dMean`: distance of the charge-weighted centroids, in sensor cells
 * - `dRMS`: absolute difference of the weighted widths; `signedDRMS`: input less output. The width is
 *   sqrt(sum w^2 (dx^2 / sigmaX^2 + dy^2 / sigmaY^2)) with w the share of the charge: the study squares w
 * - `SSD`: sum (x - y)^2 / sqrt(sum x^2 sum y^2) of the charges as they are
 * - `crossCorrelation`: Pearson correlation of the 48 charges, 0 when one of them is constant
 * - `zeroFraction`: 1 for an empty output, else 0, for any input
 */
export type WaferMetric = 'dMean' | 'dRMS' | 'signedDRMS' | 'SSD' | 'crossCorrelation' | 'zeroFraction';

/**
 * A metric of every pair of rows, [batch]. Except for `zeroFraction`, `EMPTY_INPUT` or `EMPTY_OUTPUT` stand where a
 * pattern sums to zero; see `withoutEmpty`.
 * @param x inputs [batch, 48]
 * @param y outputs [batch, 48]
 * @throws RangeError when the batches are not whole or differ in size
 */
export function waferMetric(metric: WaferMetric, x: Patterns, y: Patterns): Float64Array {
  if (x.length % TRIGGER_CELLS !== 0 || y.length !== x.length) {
    throw new RangeError(
      `patterns of ${x.length} and ${y.length} numbers; expected the same multiple of ${TRIGGER_CELLS}`,
    );
  }
  const compare = metric === 'zeroFraction' ? zeroFraction : unlessEmpty(comparisons[metric]);
  return Float64Array.from({ length: x.length / TRIGGER_CELLS }, (_, row) =>
    compare(x, y, row * TRIGGER_CELLS, row * TRIGGER_CELLS),
  );
}

/** Values of a metric without those of empty patterns, and how many of these there were. */
export function withoutEmpty(values: Float64Array): {
  readonly values: Float64Array;
  readonly emptyInputs: number;
  readonly emptyOutputs: number;
} {
  const count = (sentinel: number) => values.reduce((n, value) => n + Number(value === sentinel), 0);
  return {
    values: values.filter((value) => value !== EMPTY_INPUT && value !== EMPTY_OUTPUT),
    emptyInputs: count(EMPTY_INPUT),
    emptyOutputs: count(EMPTY_OUTPUT),
  };
}

const comparisons: Record<Exclude<WaferMetric, 'zeroFraction'>, Comparison> = {
  dMean: (x, y, xo, yo) => {
    const a = centroid(x, xo);
    const b = centroid(y, yo);
    return Math.hypot(a.x - b.x, a.y - b.y);
  },
  dRMS: (x, y, xo, yo) => Math.abs(width(x, xo) - width(y, yo)),
  signedDRMS: (x, y, xo, yo) => width(x, xo) - width(y, yo),
  SSD: (x, y, xo, yo) => {
    let difference = 0;
    for (let k = 0; k < TRIGGER_CELLS; k++) difference += (x[xo + k] - y[yo + k]) ** 2;
    return difference / Math.sqrt(product(x, x, xo, xo) * product(y, y, yo, yo));
  },
  crossCorrelation: (x, y, xo, yo) => {
    if (isConstant(x, xo) || isConstant(y, yo)) return 0;
    const a = sum(x, xo) / TRIGGER_CELLS;
    const b = sum(y, yo) / TRIGGER_CELLS;
    return product(x, y, xo, yo, a, b) / Math.sqrt(product(x, x, xo, xo, a, a) * product(y, y, yo, yo, b, b));
  },
};

const zeroFraction: Comparison = (_x, y, _xo, yo) => {
  for (let k = 0; k < TRIGGER_CELLS; k++) if (y[yo + k] !== 0) return 0;
  return 1;
};

function unlessEmpty(compare: Comparison): Comparison {
  return (x, y, xo, yo) => {
    if (sum(x, xo) === 0) return EMPTY_INPUT;
    if (sum(y, yo) === 0) return EMPTY_OUTPUT;
    return compare(x, y, xo, yo);
  };
}

function sum(values: Patterns, offset: number): number {
  let total = 0;
  for (let k = 0; k < TRIGGER_CELLS; k++) total += values[offset + k];
  return total;
}

function isConstant(values: Patterns, offset: number): boolean {
  for (let k = 1; k < TRIGGER_CELLS; k++) if (values[offset + k] !== values[offset]) return false;
  return true;
}

/** Sum of (x - a)(y - b). */
function product(x: Patterns, y: Patterns, xo: number, yo: number, a = 0, b = 0): number {
  let total = 0;
  for (let k = 0; k < TRIGGER_CELLS; k++) total += (x[xo + k] - a) * (y[yo + k] - b);
  return total;
}

function centroid(charges: Patterns, offset: number): { readonly x: number; readonly y: number } {
  let x = 0;
  let y = 0;
  for (let k = 0; k < TRIGGER_CELLS; k++) {
    x += charges[offset + k] * centres[2 * k];
    y += charges[offset + k] * centres[2 * k + 1];
  }
  const total = sum(charges, offset);
  return { x: x / total, y: y / total };
}

function width(charges: Patterns, offset: number): number {
  const middle = centroid(charges, offset);
  const total = sum(charges, offset);
  let square = 0;
  for (let k = 0; k < TRIGGER_CELLS; k++) {
    const share = charges[offset + k] / total;
    const dx = (centres[2 * k] - middle.x) / sigmaX;
    const dy = (centres[2 * k + 1] - middle.y) / sigmaY;
    square += share * share * (dx * dx + dy * dy);
  }
  return Math.sqrt(square);
}
