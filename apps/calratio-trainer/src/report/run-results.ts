import type { EpochRow } from '@hep/training';
import type { Predictions } from '@hep/calratio-training';

/** What a finished run left. */
export interface RunResults {
  /** In legends and tables. */
  readonly name: string;
  readonly history: readonly EpochRow[];
  /** Epoch (from 1) of the weights that the predictions are from; null: the last. */
  readonly bestEpoch: number | null;
  readonly predictions: Predictions;
  /** Option names and values as resolved. */
  readonly options: readonly (readonly [string, string])[];
}
