import { UserError } from '@hep/options';
import type { Checkpoint, CheckpointStore } from '@hep/training';

/** How the end of a run is chosen. */
export interface FinalCheckpointOptions {
  /** The best epoch instead of the last one, where the run knows it. */
  readonly restoreBest: boolean;
  /** Told of damaged checkpoints that were passed over. */
  readonly notice: (text: string) => void;
}

/**
 * The checkpoint that a run ended with.
 * @throws UserError when the run at `path` has none that can be read
 */
export async function finalCheckpoint(
  path: string,
  store: CheckpointStore,
  { restoreBest, notice }: FinalCheckpointOptions,
): Promise<Checkpoint> {
  const newest = await store.newest();
  if (newest === null) throw new UserError(`${path}: no checkpoint there yet; train first`);
  newest.damaged.forEach((message) => notice(message));
  if (newest.damaged.length > 0) notice(`using the older ${newest.path}`);
  const { best, epoch } = newest.checkpoint.loop;
  return restoreBest && best !== null && best.epoch !== epoch
    ? store.load(store.pathOfEpoch(best.epoch))
    : newest.checkpoint;
}
