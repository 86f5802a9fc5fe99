/** How far data and simulation are apart in the control region: what the adversary is there for. */
import { weightedKolmogorovSmirnov } from '@hep/statistics';
import type { KolmogorovSmirnov } from '@hep/statistics';
import { LABELS } from './samples.ts';
import type { TrainingSample } from './samples.ts';
import type { JetScores } from './tagger.ts';

/** The network's outputs as they are called in results. */
export const OUTPUTS = ['qcd', 'sig', 'bib'] as const;

/** Bins of the scaled jet pT, edges excluded; 0.25 and 0.5 are 125 and 250 GeV for jets scaled by 500 GeV. */
export const PT_BINS = [
  { name: 'lowPt', above: -Infinity, below: 0.25 },
  { name: 'midPt', above: 0.25, below: 0.5 },
  { name: 'highPt', above: 0.5, below: Infinity },
] as const;

export type OutputName = (typeof OUTPUTS)[number];
export type PtBinName = (typeof PT_BINS)[number]['name'];

/** Distances between data and simulation of the control region. */
export interface RegionAgreement {
  /** In each pT bin; the distance is NaN in a bin without data or without simulation. */
  readonly bins: Readonly<Record<OutputName, Readonly<Record<PtBinName, KolmogorovSmirnov>>>>;
  /** Sum over the bins that are not empty, 0 to 3; NaN when all are empty. */
  readonly sums: Readonly<Record<OutputName, number>>;
  /** Sum over outputs and bins, 0 to 9. */
  readonly total: number;
}

/** K-S distances of the three outputs in the pT bins for the control region's `rows`. */
export function regionAgreement(
  sample: TrainingSample,
  rows: Int32Array,
  { probabilities }: JetScores,
): RegionAgreement {
  const bins = ofEach(OUTPUTS, (_, output) =>
    ofEach(
      PT_BINS.map(({ name }) => name),
      (_name, bin) => {
        const [data, simulation] = [LABELS.BIB, LABELS.QCD].map((label) => {
          const positions = positionsIn(sample, rows, bin, label);
          return {
            values: positions.map((position) => probabilities[3 * position + output]),
            weights: positions.map((position) => sample.metricWeights[rows[position]]),
          };
        });
        return weightedKolmogorovSmirnov(data, simulation);
      },
    ),
  );
  const sums = ofEach(OUTPUTS, (name) =>
    sumOfNumbers(Object.values(bins[name]).map(({ distance }) => distance)),
  );
  return { bins, sums, total: Object.values(sums).reduce((sum, value) => sum + value, 0) };
}

/** pT bins that lack data or simulation among the rows. */
export function emptyPtBins(sample: TrainingSample, rows: Int32Array): PtBinName[] {
  const has = (bin: number, label: number) => positionsIn(sample, rows, bin, label).length > 0;
  return PT_BINS.flatMap(({ name }, bin) => (has(bin, LABELS.QCD) && has(bin, LABELS.BIB) ? [] : [name]));
}

function positionsIn(
  { labels, jetPt }: TrainingSample,
  rows: Int32Array,
  bin: number,
  label: number,
): number[] {
  const { above, below } = PT_BINS[bin];
  const positions: number[] = [];
  rows.forEach((row, position) => {
    if (labels[row] === label && jetPt[row] > above && jetPt[row] < below) positions.push(position);
  });
  return positions;
}

function ofEach<Name extends string, T>(
  names: readonly Name[],
  of: (name: Name, index: number) => T,
): Record<Name, T> {
  return Object.fromEntries(names.map((name, index) => [name, of(name, index)])) as Record<Name, T>;
}

/** NaN only when there is no number at all. */
function sumOfNumbers(values: readonly number[]): number {
  const numbers = values.filter((value) => !Number.isNaN(value));
  return numbers.length === 0 ? NaN : numbers.reduce((sum, value) => sum + value, 0);
}
