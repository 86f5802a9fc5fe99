import type { HostState } from '@hep/engine';
import type { Weights } from '@hep/nn';
import type { Callback, EpochContext, EpochDecision, Logs } from '@hep/training';
import { agreements, distanceSum, distanceSumByChance } from './evaluation/agreement.ts';
import { OUTPUTS } from './evaluation/scored-jets.ts';
import { measureAdversary, measureClasses } from './measures.ts';
import { scoredJets } from './scored-sample.ts';
import type { TrainingSample } from './samples.ts';
import type { Tagger } from './tagger.ts';

/** Rows of a sample. */
export interface SamplePart {
  readonly sample: TrainingSample;
  readonly rows: Int32Array;
}

/** By which result the best epoch is chosen and the training stopped; the smallest is the best. */
export type SelectionName = 'combined' | 'main-loss' | 'ks';

/** What `TaggerValidation` needs. */
export interface ValidationOptions {
  readonly tagger: Pick<Tagger, 'scores'>;
  readonly weightsOf: (state: HostState) => Weights;
  readonly main: SamplePart;
  readonly control: SamplePart;
  /**
   * Jets of the control region's training part that `control_ks` has beside those for validation. Distances of a thousand
   * jets are mostly chance (their sum is about 1 without any difference); it falls with the root of their number.
   */
  readonly furtherControlRows: Int32Array;
  readonly select: SelectionName;
  /** Factor of the K-S sum in `combined`. */
  readonly ksWeight: number;
}

/** Name of the result that `select` chooses by; `combined` weighs the classes against the adversary. */
export const SELECTION = 'val_selection';

/**
 * Results on the whole validation part after each epoch:
 *
 * - `val_mainLoss`, `val_mainAccuracy` of the classes, `val_adversaryLoss`, `val_adversaryAccuracy` of the adversary;
 * - `val_ks_<output>_<bin>`: K-S distance between data and simulation of the control region, `val_ks_<output>` its sum
 *   over the pT bins and `val_ks` the sum over the outputs;
 * - `val_ks_by_chance`: what the sum of an output is in the mean without any difference;
 * - `control_ks`: the same sum with jets of the control region's training part, too;
 * - `val_selection`: `val_mainLoss + ksWeight * control_ks`, or one of the two.
 */
export class TaggerValidation implements Callback {
  readonly name = 'validation';

  constructor(private readonly options: ValidationOptions) {}

  async onEpochEnd(_: Logs, { readState }: EpochContext): Promise<EpochDecision> {
    const { weightsOf } = this.options;
    return { logs: await this.measure(weightsOf(await readState())) };
  }

  /** The results for some weights. */
  async measure(weights: Weights): Promise<Record<string, number>> {
    const { tagger, main, control, furtherControlRows, select, ksWeight } = this.options;
    const classes = measureClasses(
      main.sample,
      main.rows,
      await tagger.scores(weights, main.sample.inputs, main.rows),
    );
    const { sample, rows } = control;
    const allRows = new Int32Array(rows.length + furtherControlRows.length);
    allRows.set(rows);
    allRows.set(furtherControlRows, rows.length);
    const scores = await tagger.scores(weights, sample.inputs, allRows);
    const adversary = measureAdversary(sample, rows, scores);
    const tests = agreements(scoredJets(sample, rows, scores.probabilities));
    const sums = OUTPUTS.map((output) => distanceSum(tests, output));
    const total = sums.reduce((sum, value) => sum + value, 0);
    const steadyTests = agreements(scoredJets(sample, allRows, scores.probabilities));
    const steady = OUTPUTS.reduce((sum, output) => sum + distanceSum(steadyTests, output), 0);
    const selection = {
      combined: classes.loss + ksWeight * steady,
      'main-loss': classes.loss,
      ks: steady,
    };
    return {
      val_mainLoss: classes.loss,
      val_mainAccuracy: classes.accuracy,
      val_adversaryLoss: adversary.loss,
      val_adversaryAccuracy: adversary.accuracy,
      ...Object.fromEntries(
        tests
          .filter(({ bin }) => bin.name !== 'all')
          .map(({ output, bin, distance }) => [`val_ks_${output}_${bin.key}`, distance]),
      ),
      ...Object.fromEntries(OUTPUTS.map((output, i) => [`val_ks_${output}`, sums[i]])),
      val_ks: total,
      val_ks_by_chance: distanceSumByChance(tests, OUTPUTS[0]),
      control_ks: steady,
      [SELECTION]: selection[select],
    };
  }
}
