/** Scores of the test parts, for plots and comparisons. */
import type { Weights } from '@hep/nn';
import type { NumpyArray } from '@hep/model-files';
import type { SplitSample, TrainingData } from './training-data.ts';
import type { Tagger } from './tagger.ts';

/** Columns of `predictions.npz`, each [jets]: main sample (`sample` 0), then control region (1). */
export type Predictions = Readonly<Record<(typeof PREDICTIONS)[number], Float64Array>>;

/**
 * `weight` is that of the loss, `mcWeight` that of metrics and plots; masses in GeV, `jet_pt` as the network reads it;
 * `qcd`, `sig`, `bib` are the probabilities.
 */
export const PREDICTIONS = [
  ...(['sample', 'label', 'weight', 'mcWeight', 'llp_mH', 'llp_mS', 'jet_pt'] as const),
  ...(['qcd', 'sig', 'bib'] as const),
] as const;

/** Scores of the test jets of both samples. */
export async function predictTestJets(
  tagger: Pick<Tagger, 'scores'>,
  weights: Weights,
  { main, control }: TrainingData,
): Promise<Predictions> {
  const parts = [await predicted(tagger, weights, main, 0), await predicted(tagger, weights, control, 1)];
  return Object.fromEntries(
    PREDICTIONS.map((name) => [name, Float64Array.from(parts.flatMap((part) => [...part[name]]))]),
  ) as Predictions;
}

async function predicted(
  tagger: Pick<Tagger, 'scores'>,
  weights: Weights,
  { sample, split: { test } }: SplitSample,
  number: 0 | 1,
): Promise<Predictions> {
  const { probabilities } = await tagger.scores(weights, sample.inputs, test);
  const picked = (values: ArrayLike<number>) => Float64Array.from(test, (row) => values[row]);
  const score = (output: number) => Float64Array.from(test, (_, i) => probabilities[3 * i + output]);
  return {
    sample: new Float64Array(test.length).fill(number),
    label: picked(sample.labels),
    weight: picked(sample.weights),
    mcWeight: picked(sample.metricWeights),
    llp_mH: picked(sample.mH),
    llp_mS: picked(sample.mS),
    jet_pt: picked(sample.jetPt),
    qcd: score(0),
    sig: score(1),
    bib: score(2),
  };
}

/** Predictions as the arrays of an `.npz` file. */
export function predictionArrays(predictions: Predictions): Record<string, NumpyArray> {
  return Object.fromEntries(
    Object.entries(predictions).map(([name, values]) => [name, { shape: [values.length], values }]),
  );
}
