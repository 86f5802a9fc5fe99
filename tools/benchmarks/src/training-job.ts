/** Training as work to measure: an epoch over all rows in an order of its own. */
import { join } from 'node:path';
import { createGenerator } from '@hep/datasets';
import { createOnnxTrainer } from '@hep/engine';
import type { Dataset, Program } from '@hep/engine';
import type { Job, JobSpec } from './benchmark.ts';
import { readFloat32 } from './npy.ts';

const SEED = 1;

/** How a program trains. */
export interface Training {
  readonly batchSize: number;
  readonly learningRate: number;
}

/**
 * Compiles a program for the columns that lie as `NAME.npy` in the job's folder. Two batches and a partial one, if the
 * epoch has one, are run beforehand, so that nothing is compiled in the first epoch.
 */
export async function trainingJob(
  program: Program,
  { rows, threads, folder }: JobSpec,
  { batchSize, learningRate }: Training,
): Promise<Job> {
  const columns = trainingColumns(program, (name) => readFloat32(join(folder, `${name}.npy`)));
  const trainer = await createOnnxTrainer(
    program,
    { train: { rows, columns } },
    { batchSize, replicas: threads, threads: 1 },
  );
  const generator = createGenerator(SEED);
  let step = 1;
  const train = async (rowsToTrain: number) => {
    const order = generator.permutation(rows).subarray(0, rowsToTrain);
    const endBatch = Math.ceil(rowsToTrain / batchSize);
    const learningRates = new Float32Array(endBatch).fill(learningRate);
    const stretch = { firstBatch: 0, endBatch, step, learningRates, seed: SEED };
    const { outputs, rows: batchRows } = await trainer.train({
      dataset: 'train',
      order,
      batchSize,
      ...stretch,
    });
    step += endBatch;
    return outputs['loss'].reduce((sum, loss, batch) => sum + loss * batchRows[batch], 0) / rowsToTrain;
  };
  await train(warmUpRows(rows, batchSize));
  return { engine: trainer.description, run: () => train(rows), close: () => trainer.close() };
}

/** Two full batches and the partial one that ends an epoch. */
function warmUpRows(rows: number, batchSize: number): number {
  return Math.min(rows, 2 * batchSize + (rows % batchSize));
}

/** Columns that a program reads. */
export function trainingColumns(
  { inputs }: Pick<Program, 'inputs'>,
  read: (name: string) => Float32Array,
): Dataset['columns'] {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { shape }]) => [
      name,
      { rowShape: shape.slice(1) as number[], values: read(name) },
    ]),
  );
}
