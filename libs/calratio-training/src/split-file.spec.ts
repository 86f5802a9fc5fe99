import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseNpyBytes, ZipArchive } from '@hep/files';
import { temporaryFolder } from '@hep/test-support';
import { keepSplit } from './index.ts';
import type { TrainingData } from './index.ts';

const folder = await temporaryFolder();
const dataOf = (first: number) => {
  const split = { train: Int32Array.of(first, 4), validation: Int32Array.of(1), test: Int32Array.of(0) };
  return { main: { split }, control: { split } } as unknown as TrainingData;
};

it('the split is kept as arrays of row numbers, and a later start must have the same', async () => {
  const path = join(folder, 'split.npz');
  await keepSplit(path, dataOf(3));
  const archive = new ZipArchive(await readFile(path));
  expect(archive.names.sort()).toEqual(
    ['control', 'main'].flatMap((sample) =>
      ['test', 'train', 'validation'].map((part) => `${sample}_${part}.npy`),
    ),
  );
  expect(parseNpyBytes(archive.content('main_train.npy', 1000)!)).toMatchObject({
    shape: [2],
    values: Int32Array.of(3, 4),
  });
  const { ino } = await stat(path);
  await keepSplit(path, dataOf(3));
  expect((await stat(path)).ino).toBe(ino);
  await expect(keepSplit(path, dataOf(2))).rejects.toThrow(
    'split.npz: the jets of this run were split otherwise',
  );
});
