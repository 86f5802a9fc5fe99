/** What a trained tagger is worth on the test jets, and the files that tell it. */
import {
  falsePositives,
  massEfficiencies,
  predictionArrays,
  predictionsOf,
  predictTestJets,
} from '@hep/calratio-training';
import type { MassPoint, Predictions, Tagger } from '@hep/calratio-training';
import { npzBytes } from '@hep/files';
import type { Weights } from '@hep/nn';
import type { Efficiency } from '@hep/statistics';
import type { RunDirectory } from '@hep/training';
import { headlineOf } from '../report/headline.ts';
import type { Headline } from '../report/headline.ts';
import type { RunData } from './data.ts';

/** What a finished run records of itself, on its test jets. */
export interface TaggerScores extends Headline {
  /** Sum of `ksSum` over the outputs. */
  readonly ksTotal: number;
  /** Signal whose largest output is signal, by masses. */
  readonly efficiencies: readonly MassPoint[];
  /** Background whose largest output is signal. */
  readonly falsePositives: { readonly qcd: Efficiency; readonly bib: Efficiency };
}

/** Scores the test jets; writes `predictions.npz` and `evaluation.json`. */
export async function evaluateTagger(
  tagger: Tagger,
  weights: Weights,
  data: RunData,
  run: RunDirectory,
): Promise<{ readonly scores: TaggerScores; readonly predictions: Predictions }> {
  const columns = await predictTestJets(tagger, weights, data);
  await run.write('predictions.npz', npzBytes(predictionArrays(columns)));
  const predictions = predictionsOf(columns, run.path);
  const headline = headlineOf(predictions);
  const { qcd, sig, bib } = headline.ksSum;
  const scores = {
    ...headline,
    ksTotal: qcd + sig + bib,
    efficiencies: massEfficiencies(predictions.main),
    falsePositives: falsePositives(predictions.main),
  };
  await run.write('evaluation.json', `${JSON.stringify(scores, null, 2)}\n`);
  return { scores, predictions };
}
