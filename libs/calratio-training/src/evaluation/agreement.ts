/** How alike the outputs of recorded and simulated multijets are in the control region. */
import { kolmogorovProbability, weightedKolmogorovSmirnov } from '@hep/statistics';
import { jetsWhere, LABEL, OUTPUTS } from './scored-jets.ts';
import type { Output, ScoredJets } from './scored-jets.ts';

/**
 * Bins of the scaled transverse momentum; jets exactly on an edge are in none (spec 10.1). `key` names them in results.
 */
export const PT_BINS = [
  { name: 'all', key: 'all', above: -Infinity, below: Infinity },
  { name: 'low pT', key: 'lowPt', above: -Infinity, below: 0.25 },
  { name: 'middle pT', key: 'midPt', above: 0.25, below: 0.5 },
  { name: 'high pT', key: 'highPt', above: 0.5, below: Infinity },
] as const;

/** One of `PT_BINS`. */
export type PtBin = (typeof PT_BINS)[number];

/** Kolmogorov-Smirnov test of one output in one bin. */
export interface Agreement {
  readonly output: Output;
  readonly bin: PtBin;
  /** Largest difference of the cumulative distributions; NaN without data or without simulation. */
  readonly distance: number;
  /** Distance that chance exceeds in 5 % of the cases. */
  readonly critical: number;
  /** Mean distance without any difference. */
  readonly byChance: number;
  /** Probability of a distance at least as large by chance. */
  readonly probability: number;
  /** Effective numbers of jets: data, simulation. */
  readonly effectiveCounts: readonly [number, number];
}

/** The jets of a bin. */
export function jetsInBin(jets: ScoredJets, { above, below }: PtBin): ScoredJets {
  return jetsWhere(jets, (jet) => jets.jetPt[jet] > above && jets.jetPt[jet] < below);
}

/** Tests of all outputs in all bins, bin by bin. */
export function agreements(control: ScoredJets): Agreement[] {
  return PT_BINS.flatMap((bin) => {
    const jets = jetsInBin(control, bin);
    const [data, simulation] = [LABEL.data, LABEL.qcd].map((label) =>
      jetsWhere(jets, (jet) => jets.label[jet] === label),
    );
    return OUTPUTS.map((output) => {
      const test = weightedKolmogorovSmirnov(
        { values: data.scores[output], weights: data.weight },
        { values: simulation.scores[output], weights: simulation.weight },
      );
      return { output, bin, ...test, probability: kolmogorovProbability(test) };
    });
  });
}

/** Sum of the distances of an output over the bins of transverse momentum that are not empty; NaN when all are. */
export function distanceSum(tests: readonly Agreement[], output: Output): number {
  return sumOverBins(tests, output, ({ distance }) => distance);
}

/** What `distanceSum` is in the mean when data and simulation do not differ: it falls with the root of the jets. */
export function distanceSumByChance(tests: readonly Agreement[], output: Output): number {
  return sumOverBins(tests, output, ({ byChance }) => byChance);
}

function sumOverBins(tests: readonly Agreement[], output: Output, of: (test: Agreement) => number): number {
  const used = tests.filter(
    (test) => test.output === output && test.bin.name !== 'all' && !Number.isNaN(test.distance),
  );
  return used.length === 0 ? NaN : used.reduce((sum, test) => sum + of(test), 0);
}
