/** Scores of the test parts, for plots and comparisons. */
import type { Weights } from '@hep/nn';
import type { NumpyArray } from '@hep/files';
import { PREDICTION_COLUMNS } from './evaluation/scored-jets.ts';
import type { PredictionColumns } from './evaluation/scored-jets.ts';
import { scoredJets } from './scored-sample.ts';
import type { SplitSample, TrainingData } from './training-data.ts';
import type { Tagger } from './tagger.ts';

/** Scores of the test jets of both samples. */
export async function predictTestJets(
  tagger: Pick<Tagger, 'scores'>,
  weights: Weights,
  { main, control }: TrainingData,
): Promise<PredictionColumns> {
  const parts = [await predicted(tagger, weights, main, 0), await predicted(tagger, weights, control, 1)];
  return Object.fromEntries(
    PREDICTION_COLUMNS.map((name) => [name, Float64Array.from(parts.flatMap((part) => [...part[name]]))]),
  ) as PredictionColumns;
}

async function predicted(
  tagger: Pick<Tagger, 'scores'>,
  weights: Weights,
  { sample, split: { test } }: SplitSample,
  number: 0 | 1,
): Promise<PredictionColumns> {
  const { probabilities } = await tagger.scores(weights, sample.inputs, test);
  const { label, weight, mH, mS, jetPt, scores } = scoredJets(sample, test, probabilities);
  return {
    sample: new Float64Array(test.length).fill(number),
    label: Float64Array.from(label),
    weight: Float64Array.from(test, (row) => sample.weights[row]),
    mcWeight: weight,
    llp_mH: mH,
    llp_mS: mS,
    jet_pt: jetPt,
    ...scores,
  };
}

/** Predictions as the arrays of an `.npz` file. */
export function predictionArrays(predictions: Readonly<PredictionColumns>): Record<string, NumpyArray> {
  return Object.fromEntries(
    Object.entries(predictions).map(([name, values]) => [name, { shape: [values.length], values }]),
  );
}
