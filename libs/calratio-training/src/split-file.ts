/** `split.npz`: the rows of every part, so that a run tells what it trained on and goes on with nothing else. */
import { readFile } from 'node:fs/promises';
import { atomicWrite, npzBytes } from '@hep/files';
import { UserError } from '@hep/options';
import type { TrainingData } from './training-data.ts';

/**
 * Writes the row numbers `main_train`, `main_validation`, `main_test` and the same of `control` (int32, rows of the
 * joined input files from 0), or checks that the file of an earlier start says the same.
 * @throws UserError when it does not
 */
export async function keepSplit(path: string, { main, control }: TrainingData): Promise<void> {
  const arrays = Object.entries({ main, control }).flatMap(([sample, { split }]) =>
    Object.entries(split).map(([part, rows]: [string, Int32Array]) => [
      `${sample}_${part}`,
      { shape: [rows.length], values: rows },
    ]),
  );
  const bytes = npzBytes(Object.fromEntries(arrays));
  const earlier = await readFile(path).catch(() => null);
  if (earlier === null) return atomicWrite(path, bytes);
  if (earlier.equals(bytes)) return;
  throw new UserError(
    `${path}: the jets of this run were split otherwise; resume with the version and the files that it began with, or start a new run`,
  );
}
