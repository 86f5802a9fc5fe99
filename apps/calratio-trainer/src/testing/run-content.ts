import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readHistory } from '@hep/training';

/** The numbers of a run that must not depend on interruptions: history, end state, predictions, split. */
export async function numbersOf(run: string) {
  const history = await readHistory(join(run, 'history.csv'));
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
    history: history.map(({ epoch, values, learningRate }) => ({ epoch, values, learningRate })),
    last: checkpoints.at(-1),
    hashes,
  };
}
