import type { LearningRate } from '../fit-options.ts';
import { addStretch, epochMeans, firstBadOutput } from './epoch-means.ts';
import { epochOrder, givenOrder } from './epoch-order.ts';
import { saveCheckpoint } from './save-checkpoint.ts';
import type { Session } from './session.ts';
import { TrainingDiverged } from './training-diverged.ts';

/**
 * Runs the batches that are left of an epoch.
 * @returns false when a stop was asked for before the last batch
 * @throws TrainingDiverged when an output is not finite
 */
export async function trainEpoch(session: Session): Promise<boolean> {
  const { loop, options, batches } = session;
  const order = orderOf(session);
  while (loop.nextBatch < batches) {
    if (options.signal?.aborted) return false;
    await trainStretch(session, order);
    if (checkpointIsDue(session)) await saveCheckpoint(session);
  }
  return true;
}

function orderOf({ loop, options }: Session): Int32Array {
  const { trainer, train, seed, shuffle = true } = options;
  if (trainer.hasOwnOrder) return new Int32Array(0);
  return shuffle ? epochOrder(train.rows, seed, loop.epoch + 1) : givenOrder(train.rows);
}

/** Learning rate of a step as float32, which the graph computes with. */
export function learningRateAt(learningRate: LearningRate, scale: number, finishedSteps: number): number {
  return Math.fround(scheduledRate(learningRate, finishedSteps) * scale);
}

/** Learning rate that a schedule alone gives. */
export function scheduledRate(learningRate: LearningRate, finishedSteps: number): number {
  return typeof learningRate === 'number' ? learningRate : learningRate(finishedSteps);
}

async function trainStretch(session: Session, order: Int32Array): Promise<void> {
  const { loop, options, batches, pace } = session;
  const { trainer, train, batchSize, learningRate, seed } = options;
  const endBatch = Math.min(batches, loop.nextBatch + pace.next());
  const rateOf = (_: unknown, index: number) =>
    learningRateAt(learningRate, loop.learningRateScale, loop.step + index);
  const learningRates = Float32Array.from({ length: endBatch - loop.nextBatch }, rateOf);

  const begin = performance.now();
  const result = await trainer.train({
    dataset: train.name,
    order,
    batchSize,
    firstBatch: loop.nextBatch,
    endBatch,
    step: loop.step + 1,
    learningRates,
    scalars: loop.scalars,
    seed,
  });
  const seconds = (performance.now() - begin) / 1000;

  const bad = firstBadOutput(result);
  if (bad !== null) throw diverged(session, bad.name, bad.value, loop.nextBatch + bad.batch + 1);
  const rowsBefore = loop.rowsDone;
  addStretch(loop, result);
  pace.took(endBatch - loop.nextBatch, seconds);
  loop.nextBatch = endBatch;
  loop.step += learningRates.length;
  loop.seconds += seconds;
  loop.epochSeconds += seconds;
  session.progress.advanced({
    epoch: loop.epoch + 1,
    batch: endBatch,
    rowsDone: loop.rowsDone,
    values: epochMeans(loop),
    seconds: loop.epochSeconds,
    rate: (loop.rowsDone - rowsBefore) / seconds,
  });
}

function checkpointIsDue({ archive, options }: Session): boolean {
  if (archive === null) return false;
  return performance.now() - archive.savedAt >= (options.checkpointMinutes ?? 10) * 60_000;
}

function diverged({ loop, batches, archive }: Session, name: string, value: number, batch: number): Error {
  const epoch = loop.epoch + 1;
  const what = `epoch ${epoch}, batch ${batch} of ${batches}: ${name} is ${value}`;
  return new TrainingDiverged(what, epoch, batch, archive?.newest ?? null);
}
