/** What a trained tagger is worth on the test jets, and the files that tell it. */
import {
  discriminationByMass,
  falsePositives,
  massEfficiencies,
  predictionArrays,
  predictionsOf,
  predictTestJets,
  significanceScans,
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
  /** Area under the ROC of the signal of each heavy mass against both backgrounds; masses in GeV. */
  readonly aucByMass: readonly { readonly mH: number; readonly auc: number }[];
  /** Largest S / sqrt(B), its cut, and the integral over the cuts, for each scan of `significanceScans`. */
  readonly significances: readonly Significance[];
  /** Signal whose largest output is signal, by masses. */
  readonly efficiencies: readonly MassPoint[];
  /** Background whose largest output is signal. */
  readonly falsePositives: { readonly qcd: Efficiency; readonly bib: Efficiency };
}

interface Significance {
  readonly name: string;
  readonly significance: number;
  readonly threshold: number;
  readonly area: number;
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
  const scores = scoresOf(predictions);
  await run.write('evaluation.json', `${JSON.stringify(scores, null, 2)}\n`);
  return { scores, predictions };
}

function scoresOf(predictions: Predictions): TaggerScores {
  const { main } = predictions;
  const headline = headlineOf(predictions);
  const { qcd, sig, bib } = headline.ksSum;
  return {
    ...headline,
    ksTotal: qcd + sig + bib,
    aucByMass: [...discriminationByMass(main)].map(([mH, { area }]) => ({ mH, auc: area })),
    significances: significanceScans(main).map(({ name, scan: { best, area } }) => ({ name, ...best, area })),
    efficiencies: massEfficiencies(main),
    falsePositives: falsePositives(main),
  };
}
