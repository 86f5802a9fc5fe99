import type { EpochRow } from '@hep/training';

/**
 * Names of the reference's `history_checkpoint.json`, in its order, and ours. Training results are means over the epoch,
 * where the reference has the last mini-batch; its validation of the adversary inside of the main step differs from
 * `val_adv_loss` only by the padding of the control region, so both are the same here.
 */
const HISTORY_CHECKPOINT_NAMES = {
  ks_qcd_hist: 'val_ks_qcd',
  ks_sig_hist: 'val_ks_sig',
  ks_bib_hist: 'val_ks_bib',
  adv_loss: 'discriminatorLoss',
  adv_acc: 'discriminatorAccuracy',
  val_adv_loss: 'val_adversaryLoss',
  val_adv_acc: 'val_adversaryAccuracy',
  original_lossf: 'mainLoss',
  original_acc: 'mainAccuracy',
  val_original_lossf: 'val_mainLoss',
  val_original_acc: 'val_mainAccuracy',
  original_adv_lossf: 'adversaryLoss',
  original_adv_acc: 'adversaryAccuracy',
  val_original_adv_lossf: 'val_adversaryLoss',
  val_original_adv_acc: 'val_adversaryAccuracy',
} as const;

/** Text of a `history_checkpoint.json`: arrays with an entry for each epoch; null where there is no number. */
export function historyCheckpoint(history: readonly EpochRow[]): string {
  const arrays = Object.entries(HISTORY_CHECKPOINT_NAMES).map(([name, ours]) => [
    name,
    history.map(({ values }) => values[ours] ?? null),
  ]);
  return `${JSON.stringify(Object.fromEntries(arrays))}\n`;
}
