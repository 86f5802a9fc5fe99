/** Jets of a sample together with what a network says of them. */
import { PT_BINS } from './evaluation/agreement.ts';
import { LABEL } from './evaluation/scored-jets.ts';
import type { ScoredJets } from './evaluation/scored-jets.ts';
import type { TrainingSample } from './samples.ts';

/** Jets with their scores, as the evaluation reads them. @param probabilities [rows, 3] */
export function scoredJets(
  { labels, metricWeights, mH, mS, jetPt }: TrainingSample,
  rows: Int32Array,
  probabilities: Float32Array,
): ScoredJets {
  const picked = (values: ArrayLike<number>) => Float64Array.from(rows, (row) => values[row]);
  const score = (output: number) => Float64Array.from(rows, (_, i) => probabilities[3 * i + output]);
  return {
    label: Uint8Array.from(rows, (row) => labels[row]),
    weight: picked(metricWeights),
    mH: picked(mH),
    mS: picked(mS),
    jetPt: picked(jetPt),
    scores: { qcd: score(0), sig: score(1), bib: score(2) },
  };
}

/** Names of the pT bins where some rows of the control region lack data or simulation. */
export function emptyPtBins({ labels, jetPt }: TrainingSample, rows: Int32Array): string[] {
  const bins = PT_BINS.filter(({ name }) => name !== 'all');
  return bins.flatMap(({ name, above, below }) => {
    const has = (label: number) =>
      rows.some((row) => labels[row] === label && jetPt[row] > above && jetPt[row] < below);
    return has(LABEL.qcd) && has(LABEL.data) ? [] : [name];
  });
}
