/** What a trained tagger is worth on the test jets, and the files that tell it. */
import { LABELS, predictionArrays, predictTestJets, regionAgreement } from '@hep/calratio-training';
import type { OutputName, Predictions, Tagger } from '@hep/calratio-training';
import { npzBytes } from '@hep/model-files';
import type { Weights } from '@hep/nn';
import { areaUnderRoc, rocCurve } from '@hep/statistics';
import type { RunDirectory } from '@hep/training';
import type { RunData } from './data.ts';

/** What a finished run records of itself, on its test jets. */
export interface TaggerScores {
  /** Area under the ROC curve of signal against multijets and beam background. */
  readonly auc: number;
  /** K-S distances between data and simulation of the control region, sums over the pT bins. */
  readonly ks: Readonly<Record<OutputName, number>>;
  /** Sum over the outputs. */
  readonly ksSum: number;
}

/** Scores the test jets, writes `predictions.npz` and `evaluation.json`. */
export async function evaluateTagger(
  tagger: Tagger,
  weights: Weights,
  data: RunData,
  run: RunDirectory,
): Promise<{ readonly scores: TaggerScores; readonly predictions: Predictions }> {
  const predictions = await predictTestJets(tagger, weights, data);
  await run.write('predictions.npz', npzBytes(predictionArrays(predictions)));
  const { sample, split } = data.control;
  const agreement = regionAgreement(
    sample,
    split.test,
    await tagger.scores(weights, sample.inputs, split.test),
  );
  const scores = { auc: signalAuc(predictions), ks: agreement.sums, ksSum: agreement.total };
  await run.write('evaluation.json', `${JSON.stringify(scores, null, 2)}\n`);
  return { scores, predictions };
}

/** A beam background jet counts a tenth. */
const BIB_WEIGHT = 0.1;

function signalAuc({ sample, label, mcWeight, sig }: Predictions): number {
  const rows = Array.from(sample.keys()).filter((row) => sample[row] === 0);
  const weights = rows.map((row) => mcWeight[row] * (label[row] === LABELS.BIB ? BIB_WEIGHT : 1));
  const isSignal = rows.map((row) => (label[row] === LABELS.signal ? 1 : 0));
  return areaUnderRoc(
    rocCurve(
      rows.map((row) => sig[row]),
      isSignal,
      { weights },
    ),
  );
}
