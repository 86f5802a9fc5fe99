/** The numbers of a run that a reader looks for first. */
import {
  agreements,
  discrimination,
  distanceSum,
  distanceSumByChance,
  OUTPUTS,
} from '@hep/calratio-training';
import type { Output, Predictions } from '@hep/calratio-training';

/** Scores on the test jets. */
export interface Headline {
  /** Area under the ROC of the signal score against both backgrounds, multijets, BIB; NaN without one of the classes. */
  readonly auc: number;
  readonly aucQcd: number;
  readonly aucBib: number;
  /** Kolmogorov-Smirnov distance between data and simulation, sum over three bins of pT, by output. */
  readonly ksSum: Readonly<Record<Output, number>>;
  /** What the sum of an output is in the mean when data and simulation do not differ. */
  readonly ksByChance: number;
  /** The same for all jets at once. */
  readonly ks: Readonly<Record<Output, number>>;
}

/** Scores of the predictions of a run. */
export function headlineOf({ main, control }: Predictions): Headline {
  const tests = agreements(control);
  const byOutput = (distance: (output: Output) => number) =>
    Object.fromEntries(OUTPUTS.map((output) => [output, distance(output)])) as Record<Output, number>;
  return {
    auc: discrimination(main, 'both').area,
    aucQcd: discrimination(main, 'qcd').area,
    aucBib: discrimination(main, 'bib').area,
    ksSum: byOutput((output) => distanceSum(tests, output)),
    ksByChance: distanceSumByChance(tests, OUTPUTS[0]),
    ks: byOutput(
      (output) => tests.find((test) => test.bin.name === 'all' && test.output === output)!.distance,
    ),
  };
}
