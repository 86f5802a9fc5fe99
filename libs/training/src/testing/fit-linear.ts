import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRunDirectory } from '../run-directory.ts';
import type { RunDirectory } from '../run-directory.ts';
import type { FitOptions } from '../fit-options.ts';
import { linearTrainer } from './linear-trainer.ts';

/** Options of a small training: 64 rows, batches of 10, 6 epochs. Change what the test is about. */
export function linearFit(change: Partial<FitOptions> = {}): FitOptions {
  return {
    trainer: linearTrainer(),
    model: { name: 'linear' },
    train: { name: 'train', rows: 64 },
    validation: { name: 'validation', rows: 32 },
    batchSize: 10,
    epochs: 6,
    learningRate: 0.01,
    seed: 3,
    ...change,
  };
}

/** An empty folder that the system clears some day. */
export async function temporaryFolder(): Promise<string> {
  return await mkdtemp(join(tmpdir(), 'training-'));
}

/** A new run directory. */
export async function temporaryRun(): Promise<RunDirectory> {
  const path = join(await temporaryFolder(), 'run');
  return await createRunDirectory(path, { config: 'seed: 3\n', seed: 3, versions: {}, inputs: [] });
}
