/** Receiver operating characteristic: what a cut on a score keeps of signal and background. */
import { requireFinite, requireWeights } from './require-numbers.ts';
import { risingOrder } from './rising-order.ts';

/** Efficiencies of the cuts `score >= threshold`, loosening; all arrays [cuts]. */
export interface RocCurve {
  /** Falling; infinite at the first point of a curve over all scores, where nothing passes. */
  readonly thresholds: Float64Array;
  /** True positive rate; NaN without signal. */
  readonly signalEfficiency: Float64Array;
  /** False positive rate; NaN without background. */
  readonly backgroundEfficiency: Float64Array;
}

/** How a curve is made. */
export interface RocOptions {
  /** One for each score, may be negative; default 1. */
  readonly weights?: ArrayLike<number>;
  /** Cuts to evaluate, in any order. Default: every score, equal ones as one cut. */
  readonly thresholds?: ArrayLike<number>;
}

/**
 * Curve of a score whose signal lies above its background.
 * @param isSignal one for each score; signal above 0.5
 * @throws RangeError when the lengths differ, or a score or weight is not finite (with its index)
 */
export function rocCurve(
  scores: ArrayLike<number>,
  isSignal: ArrayLike<number>,
  { weights, thresholds }: RocOptions = {},
): RocCurve {
  if (isSignal.length !== scores.length) {
    throw new RangeError(`${isSignal.length} labels for ${scores.length} scores; expected as many`);
  }
  requireWeights(weights, scores.length);
  requireFinite(scores, 'score');
  const curve = curveOverScores(scores, isSignal, weights);
  return thresholds === undefined ? curve : atThresholds(curve, thresholds);
}

/**
 * Curve of scores that were counted in bins of rising score: cuts at the lower edges.
 * @param signal, background counts, [bins]
 * @param lowerEdges [bins]
 */
export function rocOfBins(
  signal: ArrayLike<number>,
  background: ArrayLike<number>,
  lowerEdges: ArrayLike<number>,
): RocCurve {
  const passing = (counts: ArrayLike<number>) => {
    const sums = new Float64Array(counts.length + 1);
    for (let i = 1; i < sums.length; i++) sums[i] = sums[i - 1] + counts[counts.length - i];
    return sums.map((sum) => sum / sums[counts.length]);
  };
  return {
    thresholds: Float64Array.from([Infinity, ...Array.from(lowerEdges).reverse()]),
    signalEfficiency: passing(signal),
    backgroundEfficiency: passing(background),
  };
}

/** Area under true against false positive rate, by trapezoids; NaN without signal or without background. */
export function areaUnderRoc({ signalEfficiency, backgroundEfficiency }: RocCurve): number {
  return signalEfficiency.length > 1 ? trapezoidArea(backgroundEfficiency, signalEfficiency) : NaN;
}

/** Area under y(x) by trapezoids; negative where x falls. */
export function trapezoidArea(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let area = 0;
  for (let i = 1; i < x.length; i++) area += (x[i] - x[i - 1]) * ((y[i] + y[i - 1]) / 2);
  return area;
}

/**
 * Equally spaced thresholds of Keras' metric `AUC` for scores in [0, 1], one below 0 and one above 1 included; the
 * area of a curve at these is Keras' number.
 */
export function kerasThresholds(count = 200): Float32Array {
  const epsilon = 1e-7;
  return Float32Array.from({ length: count }, (_, i) =>
    i === 0 ? -epsilon : i === count - 1 ? 1 + epsilon : i / (count - 1),
  );
}

function curveOverScores(
  scores: ArrayLike<number>,
  isSignal: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
): RocCurve {
  const order = risingOrder(scores);
  const [thresholds, kept, passed] = [0, 1, 2].map(() => new Float64Array(order.length + 1));
  thresholds[0] = Infinity;
  let cuts = 1;
  let signal = 0;
  let background = 0;
  for (let place = order.length - 1; place >= 0; place--) {
    const entry = order[place];
    const weight = weights?.[entry] ?? 1;
    if (isSignal[entry] > 0.5) signal += weight;
    else background += weight;
    if (place > 0 && scores[order[place - 1]] === scores[entry]) continue;
    thresholds[cuts] = scores[entry];
    kept[cuts] = signal;
    passed[cuts++] = background;
  }
  for (let cut = 0; cut < cuts; cut++) {
    kept[cut] /= signal;
    passed[cut] /= background;
  }
  return {
    thresholds: thresholds.slice(0, cuts),
    signalEfficiency: kept.slice(0, cuts),
    backgroundEfficiency: passed.slice(0, cuts),
  };
}

function atThresholds(curve: RocCurve, cuts: ArrayLike<number>): RocCurve {
  const thresholds = Float64Array.from(cuts).sort().reverse();
  const points = Array.from(thresholds, (cut) => lastAtOrAbove(curve.thresholds, cut));
  return {
    thresholds,
    signalEfficiency: Float64Array.from(points, (point) => curve.signalEfficiency[point]),
    backgroundEfficiency: Float64Array.from(points, (point) => curve.backgroundEfficiency[point]),
  };
}

/** Index of the last of the falling thresholds that is not below the cut: what passes it passes the cut. */
function lastAtOrAbove(thresholds: Float64Array, cut: number): number {
  let low = 0;
  let high = thresholds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (thresholds[middle] >= cut) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
