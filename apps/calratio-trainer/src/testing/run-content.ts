import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { timelessHistory } from '@hep/training/testing';

/** The numbers of a run that must not depend on interruptions: history, end state, predictions, split. */
export async function numbersOf(run: string) {
  const checkpoints = (await readdir(join(run, 'checkpoints')))
    .filter((name) => !name.includes('batch'))
    .sort();
  const files = ['predictions.npz', 'split.npz', 'evaluation.json'].map((name) => join(run, name));
  const hashes = await Promise.all(
    files.map(async (path) =>
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    ),
  );
  return {
    history: await timelessHistory(run),
    last: checkpoints.at(-1),
    hashes,
  };
}
