import type { HostState } from '@hep/engine';
import type { Session } from './session.ts';
import { TrainingDiverged } from './training-diverged.ts';

/**
 * Saves the loop, the callbacks and the state. Does nothing without a run directory.
 * @throws TrainingDiverged when a number of the state is not finite, so that every checkpoint is a good one
 */
export async function saveCheckpoint(session: Session, state?: HostState): Promise<void> {
  const { archive, loop, callbacks, options } = session;
  if (archive === null) return;
  const complete = state ?? (await options.trainer.readState());
  requireFinite(session, complete);
  for (const callback of callbacks) {
    if (callback.save !== undefined) loop.callbacks[callback.name] = callback.save();
  }
  archive.newest = await archive.store.save(loop, complete);
  archive.savedAt = performance.now();
}

function requireFinite({ loop, archive, batches }: Session, state: HostState): void {
  for (const [name, { values }] of Object.entries(state)) {
    const position = values.findIndex((value) => !Number.isFinite(value));
    if (position < 0) continue;
    const epoch = loop.nextBatch === 0 ? loop.epoch : loop.epoch + 1;
    const batch = loop.nextBatch === 0 ? 'the last batch' : `batch ${loop.nextBatch} of ${batches}`;
    throw new TrainingDiverged(
      `epoch ${epoch}, after ${batch}: element ${position} of ${name} is ${values[position]}`,
      epoch,
      loop.nextBatch,
      archive?.newest ?? null,
    );
  }
}
