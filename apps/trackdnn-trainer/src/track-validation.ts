import type { HostState } from '@hep/engine';
import type { Weights } from '@hep/nn';
import { areaUnderRoc, kerasThresholds, rocCurve } from '@hep/statistics';
import type { TrackScorer } from '@hep/track-dnn';
import type { TrackTable } from '@hep/track-samples';
import type { Callback, EpochContext, EpochDecision, Logs } from '@hep/training';

/**
 * Adds `val_auc` after each epoch: area under the ROC of the whole validation sample at the 200 thresholds of Keras'
 * metric, unweighted.
 */
export class TrackValidation implements Callback {
  readonly name = 'validation';

  constructor(
    private readonly scorer: Pick<TrackScorer, 'scores'>,
    private readonly weightsOf: (state: HostState) => Weights,
    private readonly validation: TrackTable,
  ) {}

  async onEpochEnd(_: Logs, { readState }: EpochContext): Promise<EpochDecision> {
    const { features, iterations, isTrue } = this.validation;
    const scores = await this.scorer.scores(this.weightsOf(await readState()), features, iterations);
    const curve = rocCurve(scores, isTrue, { thresholds: kerasThresholds() });
    return { logs: { val_auc: areaUnderRoc(curve) } };
  }
}
