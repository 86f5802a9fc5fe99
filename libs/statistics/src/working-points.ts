/** Cuts that an analysis would choose on a ROC curve; each is a cut that the entries allow, nothing is interpolated. */
import type { RocCurve } from './roc.ts';

/** The cut `score >= threshold`. */
export interface WorkingPoint {
  readonly threshold: number;
  readonly signalEfficiency: number;
  readonly backgroundEfficiency: number;
  /** Background entries for each one that passes; infinite when none does. */
  readonly rejection: number;
}

/** The tightest cut that keeps at least this part of the signal; NaN everywhere without signal or background. */
export function workingPointAtSignal(curve: RocCurve, signalEfficiency: number): WorkingPoint {
  return workingPoint(
    curve,
    curve.signalEfficiency.findIndex((value) => value >= signalEfficiency - ROUNDING),
  );
}

/** The loosest cut that lets at most this part of the background pass; NaN everywhere without signal or background. */
export function workingPointAtBackground(curve: RocCurve, backgroundEfficiency: number): WorkingPoint {
  return workingPoint(
    curve,
    curve.backgroundEfficiency.findLastIndex((value) => value <= backgroundEfficiency + ROUNDING),
  );
}

/** Of sums of weights: 0.9 of the signal may be 0.8999999999999999. */
const ROUNDING = 1e-12;

function workingPoint(curve: RocCurve, point: number): WorkingPoint {
  const backgroundEfficiency = curve.backgroundEfficiency[point] ?? NaN;
  return {
    threshold: curve.thresholds[point] ?? NaN,
    signalEfficiency: curve.signalEfficiency[point] ?? NaN,
    backgroundEfficiency,
    rejection: 1 / backgroundEfficiency,
  };
}
