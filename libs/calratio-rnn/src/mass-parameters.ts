/** Masses that a mass-parametrised network is told. */
import { UserError } from '@hep/options';
import { JET_CLASSES } from './labels.ts';

/** Masses in GeV of each jet. */
export interface MassPoints {
  readonly mH: Float64Array;
  readonly mS: Float64Array;
}

const SIGNAL = JET_CLASSES.indexOf('signal');

/**
 * Masses for every jet of the main sample: signal keeps its own, and each background jet gets those of a random signal
 * jet, so that the masses are distributed alike in all classes and tell nothing about the class.
 * @param draw uniform integer in 0..n-1
 * @throws UserError when there is no signal to draw from
 */
export function parametrisedMasses(
  labels: ArrayLike<number>,
  { mH, mS }: Readonly<Record<keyof MassPoints, ArrayLike<number>>>,
  draw: (n: number) => number,
): MassPoints {
  const signal = Array.from(labels).flatMap((label, row) => (label === SIGNAL ? [row] : []));
  if (signal.length === 0) {
    throw new UserError(
      'main sample: no signal jet (label 1) to take masses from; give signal, or train without mass parameters',
    );
  }
  const from = Int32Array.from(labels, (label, row) =>
    label === SIGNAL ? row : signal[draw(signal.length)],
  );
  return {
    mH: Float64Array.from(from, (row) => mH[row]),
    mS: Float64Array.from(from, (row) => mS[row]),
  };
}
