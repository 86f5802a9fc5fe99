import type { JetScores } from './tagger.ts';
import type { TrainingSample } from './samples.ts';
import { LABEL } from './evaluation/scored-jets.ts';

/** A loss as the training measures it, and the unweighted fraction of right answers. */
export interface Measured {
  /** Sum of weight times cross-entropy over the number of jets. */
  readonly loss: number;
  readonly accuracy: number;
}

/** Probabilities below it would have an infinite logarithm in float32. */
const LEAST_PROBABILITY = 1e-38;

/** Cross-entropy of the classes and accuracy of the most probable class of the main sample's `rows`. */
export function measureClasses(
  { labels, weights }: TrainingSample,
  rows: Int32Array,
  { probabilities }: JetScores,
): Measured {
  let [loss, right] = [0, 0];
  rows.forEach((row, i) => {
    const scores = probabilities.subarray(3 * i, 3 * i + 3);
    loss -= weights[row] * Math.log(Math.max(scores[labels[row]], LEAST_PROBABILITY));
    if (mostProbable(scores) === labels[row]) right++;
  });
  return { loss: loss / rows.length, accuracy: right / rows.length };
}

/** Position of the largest score; the first of equal ones. */
function mostProbable(scores: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < scores.length; i++) if (scores[i] > scores[best]) best = i;
  return best;
}

/** How well the adversary tells data from simulation in the control region's `rows`. */
export function measureAdversary(
  { labels, weights }: TrainingSample,
  rows: Int32Array,
  { dataLogits }: JetScores,
): Measured {
  let [loss, right] = [0, 0];
  rows.forEach((row, i) => {
    const isData = labels[row] === LABEL.data;
    const logit = isData ? dataLogits[i] : -dataLogits[i];
    loss += weights[row] * (Math.max(-logit, 0) + Math.log1p(Math.exp(-Math.abs(logit))));
    if (dataLogits[i] > 0 === isData) right++;
  });
  return { loss: loss / rows.length, accuracy: right / rows.length };
}
