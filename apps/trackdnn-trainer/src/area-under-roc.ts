import { areaOfCounts, SCORE_COUNTS } from '@hep/track-dnn';
import type { Callback, EpochContext, EpochDecision, Logs } from '@hep/training';

/**
 * Adds `auc` and `val_auc` after each epoch: areas under the ROC at the 200 thresholds of Keras' metric, unweighted, of
 * all training tracks while the network learned, as its loss is, and of the whole validation sample after the epoch.
 */
export class AreaUnderRoc implements Callback {
  readonly name = 'area under the ROC';

  onEpochEnd(_: Logs, { tallies }: EpochContext): EpochDecision {
    const areas = ['', 'val_'].flatMap((prefix) => {
      const counts = tallies[`${prefix}${SCORE_COUNTS}`];
      return counts === undefined ? [] : [[`${prefix}auc`, areaOfCounts(counts)]];
    });
    return { logs: Object.fromEntries(areas) };
  }
}
