/** What the parts of the loop share, and its beginning: from scratch or from a checkpoint. */
import type { HostState } from '@hep/engine';
import { UserError } from '@hep/options';
import type { Callback } from '../callbacks/callback.ts';
import { TrackBest } from '../callbacks/track-best.ts';
import { encodeCheckpoint } from '../checkpoints/checkpoint-file.ts';
import { CheckpointStore } from '../checkpoints/checkpoint-store.ts';
import type { Recovered } from '../checkpoints/checkpoint-store.ts';
import { initialLoopState } from '../checkpoints/loop-state.ts';
import type { LoopState, RunIdentity } from '../checkpoints/loop-state.ts';
import { modelSignature } from '../checkpoints/model-signature.ts';
import { identityOf } from '../fit-options.ts';
import type { FitOptions } from '../fit-options.ts';
import { writeHistory } from '../history.ts';
import { silentProgress } from '../progress/progress.ts';
import type { Progress } from '../progress/progress.ts';
import type { RunDirectory } from '../run-directory.ts';
import { requireRoom } from '../storage/free-space.ts';
import { Pace } from './pace.ts';

/** Checkpoints of a run directory. */
export interface Archive {
  readonly run: RunDirectory;
  readonly store: CheckpointStore;
  /** Newest checkpoint that is written or was resumed from. */
  newest: string;
  /** `performance.now()` of that moment. */
  savedAt: number;
}

/** A running training. */
export interface Session {
  readonly options: FitOptions;
  readonly loop: LoopState;
  readonly callbacks: readonly Callback[];
  /** The callback that tells the best epoch. */
  readonly judge: Callback & Required<Pick<Callback, 'judges'>>;
  readonly progress: Progress;
  readonly pace: Pace;
  readonly archive: Archive | null;
  readonly batches: number;
  /** State of the best epoch, when it is to be restored and was reached since this start. */
  bestState: HostState | null;
}

/** Prepares a training: everything that can be refused is refused here. */
export async function openSession(options: FitOptions): Promise<Session> {
  const { trainer, run, train, batchSize, epochs, progress = silentProgress } = options;
  const initial = await trainer.readState();
  const recovered = options.resume ? await recover(options, initial) : null;
  const loop = recovered?.checkpoint.loop ?? initialLoopState(identityOf(options), options.scalars);
  if (recovered !== null) await trainer.writeState(recovered.checkpoint.state);
  if (loop.epoch > epochs) {
    throw new UserError(
      `epochs ${epochs}: the run has finished ${loop.epoch} already; ask for at least as many`,
    );
  }
  const callbacks = withJudge(options);
  for (const callback of callbacks) {
    if (callback.name in loop.callbacks) callback.restore?.(loop.callbacks[callback.name]);
  }
  const session: Session = {
    options,
    loop,
    callbacks,
    judge: callbacks.find(judges)!,
    progress,
    pace: new Pace(options.stretchSeconds ?? 0.4),
    archive: run === undefined ? null : await openArchive(options, run, loop, initial, recovered),
    batches: Math.ceil(train.rows / batchSize),
    bestState: null,
  };
  progress.started({ epochs, rows: train.rows, batches: session.batches }, loop.epoch);
  return session;
}

function judges(callback: Callback): callback is Callback & Required<Pick<Callback, 'judges'>> {
  return callback.judges !== undefined;
}

/** The callbacks, with one that tells the best epoch. */
function withJudge({ callbacks = [], validation }: FitOptions): readonly Callback[] {
  if (callbacks.some(judges)) return callbacks;
  return [...callbacks, new TrackBest(validation === undefined ? 'loss' : 'val_loss')];
}

function storeOf(
  { model, keepCheckpoints }: FitOptions,
  run: RunDirectory,
  state: HostState,
): CheckpointStore {
  const signature = modelSignature(model.name, state, model.parameters);
  return new CheckpointStore(run.file('checkpoints'), signature, { keep: keepCheckpoints });
}

async function recover(options: FitOptions, initial: HostState): Promise<Recovered | null> {
  const { run, progress } = options;
  if (run === undefined) throw new Error('resume needs the run directory');
  const store = storeOf(options, run, initial);
  const recovered = await store.newest();
  if (recovered === null) {
    progress?.notice(`${run.path}: the run was stopped before its first checkpoint; starting it again`);
    return null;
  }
  requireSameRun(recovered.path, recovered.checkpoint.loop.identity, identityOf(options));
  for (const message of recovered.damaged) progress?.notice(message);
  if (recovered.damaged.length > 0) progress?.notice(`resuming from the older ${recovered.path}`);
  await store.setDamagedAside(recovered.path);
  return recovered;
}

const identityNames: Readonly<Record<keyof RunIdentity, string>> = {
  seed: 'seed',
  batchSize: 'batch size',
  trainRows: 'number of training rows',
  validationRows: 'number of validation rows',
};

function requireSameRun(path: string, found: RunIdentity, expected: RunIdentity): void {
  for (const key of Object.keys(identityNames) as (keyof RunIdentity)[]) {
    if (found[key] === expected[key]) continue;
    throw new UserError(
      `${path}: its ${identityNames[key]} is ${found[key]}, now it is ${expected[key]}; ` +
        `resume with the options and the data of that run`,
    );
  }
}

/** Writes the first checkpoint, or puts the history back to the checkpoint that the run goes on from. */
async function openArchive(
  options: FitOptions,
  run: RunDirectory,
  loop: LoopState,
  initial: HostState,
  recovered: Recovered | null,
): Promise<Archive> {
  const store = storeOf(options, run, initial);
  const bytes = encodeCheckpoint({ loop, model: modelSignature('', initial), state: initial }).length;
  await requireRoom(run.path, ((options.keepCheckpoints ?? 2) + 2) * bytes + 2 ** 20);
  const newest = recovered?.path ?? (await store.save(loop, initial));
  await writeHistory(run.file('history.csv'), loop.history);
  const resume = { at: new Date().toISOString(), commandLine: process.argv, from: recovered?.path ?? null };
  await run.update({
    status: 'running',
    ended: null,
    error: undefined,
    device: options.trainer.description,
    resumes: options.resume ? [...run.record.resumes, resume] : run.record.resumes,
  });
  return { run, store, newest, savedAt: performance.now() };
}
