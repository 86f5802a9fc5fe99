import { UserError } from '@hep/options';
import { checkFitOptions } from './fit-options.ts';
import type { FitOptions, FitResult } from './fit-options.ts';
import { closeEpoch } from './loop/close-epoch.ts';
import { saveCheckpoint } from './loop/save-checkpoint.ts';
import { openSession } from './loop/session.ts';
import type { Session } from './loop/session.ts';
import { trainEpoch } from './loop/train-epoch.ts';
import { isDiskFull } from '@hep/files';

/**
 * Trains with the meaning of Keras' `Model.fit`: rows shuffled anew each epoch, losses as running means weighted by
 * rows while the weights change, a full validation pass after each epoch, callbacks at its end.
 *
 * With a run directory the training can be killed at any moment and resumed; numbers do not depend on interruptions.
 * @throws UserError for options, data sizes, checkpoints or directories that cannot work, before the first batch; or
 * when the disk fills up later
 * @throws TrainingDiverged when a loss or a parameter is not finite
 */
export async function fit(options: FitOptions): Promise<FitResult> {
  checkFitOptions(options);
  const session = await openSession(options);
  const { loop, callbacks, progress, archive } = session;
  const resumed = options.resume === true;
  try {
    for (const callback of callbacks) await callback.onTrainingStart?.({ epoch: loop.epoch, resumed });
    const stoppedBy = await runEpochs(session);
    const result = await conclude(session, stoppedBy);
    await archive?.run.end(stoppedBy === 'interrupt' ? 'interrupted' : 'trained', {
      result: {
        epochs: result.epochs,
        stoppedBy,
        bestEpoch: result.best?.epoch ?? null,
        seconds: result.seconds,
      },
    });
    return result;
  } catch (error) {
    const told = withLastCheckpoint(error, session);
    const message = told instanceof Error ? told.message : String(told);
    // A record that cannot be written, say on a full disk, must not hide the error that ended the training.
    await archive?.run.end('failed', { error: message }).catch(() => undefined);
    throw told;
  } finally {
    progress.ended();
    for (const callback of callbacks) await callback.onTrainingEnd?.();
  }
}

/** A full disk costs the work since the last checkpoint only: tells which one that is. */
function withLastCheckpoint(error: unknown, { archive }: Session): unknown {
  if (archive === null || !(error instanceof UserError) || !isDiskFull(error)) return error;
  const advice = `the last good checkpoint is ${archive.newest}; resume the run from there`;
  return new UserError(`${error.message}; ${advice}`, { cause: error });
}

async function runEpochs(session: Session): Promise<string> {
  const { loop, options } = session;
  while (loop.epoch < options.epochs && loop.stoppedBy === null) {
    const complete = !options.signal?.aborted && (await trainEpoch(session));
    if (!complete) {
      await saveCheckpoint(session);
      return 'interrupt';
    }
    await closeEpoch(session);
  }
  return loop.stoppedBy ?? 'epochs';
}

async function conclude(session: Session, stoppedBy: string): Promise<FitResult> {
  const { loop, options, archive, judge, progress } = session;
  const restore =
    judge.judges.restoreBest &&
    stoppedBy !== 'interrupt' &&
    loop.best !== null &&
    loop.best.epoch !== loop.epoch;
  if (restore) {
    await options.trainer.writeState(await bestState(session, loop.best!.epoch));
    progress.notice(`state of epoch ${loop.best!.epoch} restored, the best by ${loop.best!.monitor}`);
  }
  return {
    history: loop.history,
    epochs: loop.epoch,
    stoppedBy,
    best: loop.best,
    stateEpoch: restore ? loop.best!.epoch : loop.epoch,
    state: await options.trainer.readState(),
    checkpoint: archive?.newest ?? null,
    seconds: loop.seconds,
  };
}

async function bestState({ bestState, archive }: Session, epoch: number) {
  if (bestState !== null) return bestState;
  return (await archive!.store.load(archive!.store.pathOfEpoch(epoch))).state;
}
