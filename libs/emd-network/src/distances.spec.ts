import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateToy } from '@hep/datasets';
import { TRIGGER_CELLS, triggerCellDistances } from '@hep/hgcal-geometry';
import { createEmdSolver } from '@hep/optimal-transport';
import { expectClose, goldenNpy } from '@hep/test-support';
import { pairDistances } from './distances.ts';

const { charges } = generateToy({ rows: 40, seed: 2 });
const pairs = {
  first: Int32Array.from({ length: 300 }, (_, pair) => pair % 40),
  second: Int32Array.from({ length: 300 }, (_, pair) => (7 * pair) % 40),
};
const solver = createEmdSolver(triggerCellDistances(), TRIGGER_CELLS);
const expected = Float32Array.from(pairs.first, (row, pair) =>
  solver.emd(charges, charges, row * TRIGGER_CELLS, pairs.second[pair] * TRIGGER_CELLS),
);

let cache = '';
beforeEach(async () => (cache = await mkdtemp(join(tmpdir(), 'emd-distances-'))));
afterEach(() => rm(cache, { recursive: true }));
const onlyFile = async () => join(cache, (await readdir(cache))[0]);

it('agrees with the reference on golden pairs', async () => {
  const [x, y] = ['x', 'y'].map((side) => goldenNpy('losses', `emdcnn_${side}_calq.npy`).values);
  const rows = x.length / TRIGGER_CELLS;
  const first = Int32Array.from({ length: rows }, (_, row) => row);
  const patterns = Float64Array.of(...x, ...y);
  const distances = await pairDistances(patterns, { first, second: first.map((row) => rows + row) });
  expectClose(distances, goldenNpy('losses', 'emdcnn_true_emd.npy').values, {
    relative: 1e-6,
    absolute: 1e-6,
  });
});

it('reads from the cache what it has computed before', async () => {
  const progress: [number, number][] = [];
  const onProgress = (done: number, total: number) => progress.push([done, total]);
  expect(await pairDistances(charges, pairs, { cache, threads: 2, onProgress })).toEqual(expected);
  const { mtimeMs } = await stat(await onlyFile());
  expect(await pairDistances(charges, pairs, { cache, threads: -1 })).toEqual(expected);
  expect((await stat(await onlyFile())).mtimeMs).toBe(mtimeMs);
  expect(progress).toEqual([[300, 300]]);
});

it('takes other patterns and other pairs for other content', async () => {
  await pairDistances(charges, pairs, { cache, threads: 1 });
  const changed = charges.slice();
  changed[5] += 1;
  await pairDistances(changed, pairs, { cache, threads: 1 });
  await pairDistances(charges, { first: pairs.second, second: pairs.first }, { cache, threads: 1 });
  expect((await readdir(cache)).length).toBe(3);
});

it.each<[string, (content: Buffer) => Buffer]>([
  ['cut', (content) => content.subarray(0, 500)],
  ['empty', () => Buffer.alloc(0)],
  ['longer', (content) => Buffer.concat([content, Buffer.of(0)])],
  ['altered', (content) => Buffer.from(content.map((byte, i) => (i === 77 ? byte ^ 1 : byte)))],
])('computes a file that is %s again', async (_, damage) => {
  await pairDistances(charges, pairs, { cache, threads: 1 });
  const path = await onlyFile();
  const whole = await readFile(path);
  await writeFile(path, damage(whole));
  const notices: string[] = [];
  const onNotice = (message: string) => notices.push(message);
  expect(await pairDistances(charges, pairs, { cache, threads: 1, onNotice })).toEqual(expected);
  expect(notices).toEqual([`${path}: damaged; its distances are computed again`]);
  expect(await readFile(path)).toEqual(whole);
});

it('stops when it is told to', async () => {
  const stopped = pairDistances(charges, pairs, { signal: AbortSignal.abort(new Error('stop')) });
  await expect(stopped).rejects.toThrow('stop');
});
