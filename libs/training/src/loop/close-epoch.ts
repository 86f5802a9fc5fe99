import type { HostState, Tallies } from '@hep/engine';
import { atomicWrite } from '@hep/files';
import type { EpochContext, EpochDecision } from '../callbacks/callback.ts';
import { encodeCheckpoint } from '../checkpoints/checkpoint-file.ts';
import { modelSignature } from '../checkpoints/model-signature.ts';
import { writeHistory } from '../history.ts';
import { epochMeans, talliesOf } from './epoch-means.ts';
import { saveCheckpoint } from './save-checkpoint.ts';
import type { Session } from './session.ts';
import { learningRateAt, scheduledRate } from './train-epoch.ts';
import { TrainingDiverged } from './training-diverged.ts';

/**
 * Ends an epoch whose batches are done: validation, callbacks, then, in this order, checkpoint and history, so that
 * a checkpoint is complete whenever the process dies.
 */
export async function closeEpoch(session: Session): Promise<void> {
  const { loop, options } = session;
  const begin = performance.now();
  const validation = await validate(session);
  const logs = { ...epochMeans(loop), ...validation.logs };
  const tallies = { ...talliesOf(loop), ...validation.tallies };
  const readState = once(() => options.trainer.readState());
  const lastLearningRate = learningRateAt(options.learningRate, loop.learningRateScale, loop.step - 1);
  const best = await askCallbacks(session, logs, { lastLearningRate, tallies, readState });

  const seconds = (performance.now() - begin) / 1000;
  loop.seconds += seconds;
  const row = {
    epoch: loop.epoch + 1,
    values: logs,
    learningRate: lastLearningRate,
    seconds: loop.epochSeconds + seconds,
  };
  Object.assign(loop, { epoch: row.epoch, nextBatch: 0, sums: {}, rowsDone: 0, epochSeconds: 0 });
  delete loop.tallies;
  loop.history.push(row);
  if (best) await keepBest(session, logs, readState);
  if (session.archive !== null) {
    await saveCheckpoint(session, await readState());
    await writeHistory(session.archive.run.file('history.csv'), loop.history);
  }
  session.progress.epochEnded(row, best);
}

async function validate({
  options,
  loop,
  archive,
}: Session): Promise<{ readonly logs: Record<string, number>; readonly tallies: Tallies }> {
  const { trainer, validation, batchSize } = options;
  if (validation === undefined) return { logs: {}, tallies: {} };
  const { means, tallies } = await trainer.evaluate(validation.name, batchSize);
  if ('loss' in means && !Number.isFinite(means['loss'])) {
    const what = `validation after epoch ${loop.epoch + 1}: loss is ${means['loss']}`;
    throw new TrainingDiverged(what, loop.epoch + 1, 0, archive?.newest ?? null);
  }
  return { logs: ofValidation(means), tallies: ofValidation(tallies) };
}

function ofValidation<T>(results: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(results).map(([name, result]) => [`val_${name}`, result]));
}

/** Lets the callbacks decide, adds their results to the logs, and tells whether the epoch is the best so far. */
async function askCallbacks(
  session: Session,
  logs: Record<string, number>,
  ended: Pick<EpochContext, 'lastLearningRate' | 'tallies' | 'readState'>,
): Promise<boolean> {
  const { loop, options, callbacks, judge, progress } = session;
  let best = false;
  const scalars = loop.scalars ?? {};
  for (const callback of callbacks) {
    const context: EpochContext = {
      epoch: loop.epoch + 1,
      step: loop.step,
      learningRate: learningRateAt(options.learningRate, loop.learningRateScale, loop.step),
      ...ended,
      scalars,
      writeCheckpoint: async (path) => atomicWrite(path, await checkpointOf(session, ended.readState)),
    };
    const decision: EpochDecision = (await callback.onEpochEnd?.(logs, context)) ?? {};
    Object.assign(logs, decision.logs);
    if (decision.learningRate !== undefined) {
      const scheduled = scheduledRate(options.learningRate, loop.step);
      if (scheduled > 0) loop.learningRateScale = decision.learningRate / scheduled;
    }
    if (decision.scalars !== undefined) loop.scalars = { ...loop.scalars, ...decision.scalars };
    if (decision.stop) loop.stoppedBy ??= callback.name;
    if (callback === judge && decision.best) best = true;
    if (decision.notice !== undefined) progress.notice(decision.notice);
  }
  return best;
}

/** A checkpoint of the epoch that ends, for its state. */
async function checkpointOf(
  { loop, options }: Session,
  readState: () => Promise<HostState>,
): Promise<Uint8Array> {
  const state = await readState();
  const { name, parameters } = options.model;
  const ended = { ...loop, epoch: loop.epoch + 1, nextBatch: 0 };
  return encodeCheckpoint({ loop: ended, model: modelSignature(name, state, parameters), state });
}

async function keepBest(
  session: Session,
  logs: Readonly<Record<string, number>>,
  readState: () => Promise<HostState>,
): Promise<void> {
  const { monitor, restoreBest } = session.judge.judges;
  session.loop.best = { epoch: session.loop.epoch, monitor, value: logs[monitor] };
  if (restoreBest) session.bestState = copyState(await readState());
}

/** A copy that later training steps do not touch, even when the trainer hands out its own memory. */
function copyState(state: HostState): HostState {
  const copy = ([name, { shape, values }]: [string, HostState[string]]) => [
    name,
    { shape, values: values.slice() },
  ];
  return Object.fromEntries(Object.entries(state).map(copy));
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let value: Promise<T> | undefined;
  return () => (value ??= read());
}
