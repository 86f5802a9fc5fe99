import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@hep/test-support';
import { seedsOf, smoothed } from './seed-scan.ts';
import { run, runWell } from './testing/command-line.ts';

const folder = await temporaryFolder();
const data = join(folder, 'toy.csv');
const at = (...path: string[]) => join(folder, ...path);
const flags = ['-i', data, '--models', '8x8_c8_S2_tele,cae', '--epochs', '2', '--batch-size', '64'];
const table = async (output: string) =>
  (await readFile(at(output, 'performance_records.csv'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => line.split(','));

beforeAll(() => runWell('toy', '-o', data, '--rows', '400', '--seed', '3'));

describe('train --seeds', () => {
  it('trains with every seed on the same data and tells the best', async () => {
    const { out } = await runWell('train', ...flags, '--seed', '5', '--seeds', '2', '-o', at('scan'));
    expect((await readdir(at('scan'))).sort()).toEqual([
      'config.yaml',
      'performance_records.csv',
      'seed-5',
      'seed-6',
    ]);
    const [header, ...rows] = await table('scan');
    expect(header.join()).toBe('model,seed,epochs,val_loss,val_loss_last_5,EMD,EMD_err,best');
    expect(rows.map((row) => row.slice(0, 3).join())).toEqual([
      '"8x8_c8_S2_tele",5,2',
      '"8x8_c8_S2_tele",6,2',
      '"cae",5,2',
      '"cae",6,2',
    ]);
    expect(new Set(rows.map((row) => row[3])).size).toBe(4);
    for (const pair of [rows.slice(0, 2), rows.slice(2)]) {
      const losses = pair.map((row) => Number(row[4]));
      expect(pair.map((row) => row[7])).toEqual(
        losses.map((loss) => (loss === Math.min(...losses) ? '1' : '0')),
      );
      const best = pair.find((row) => row[7] === '1')!;
      const name = best[0].replaceAll('"', '');
      expect(
        out.find((line) => line.startsWith(`${name}: the best of 2 seeds is ${best[1]}, `)),
      ).toBeDefined();
    }
    const images = ['seed-5', 'seed-6'].map((seed) =>
      readFile(at('scan', seed, 'cae', 'exports', 'verify_input_ae.csv'), 'utf8'),
    );
    const [first, second] = await Promise.all(images);
    expect(first).toBe(second);
  });

  it('goes on with all of them', async () => {
    const { out } = await runWell('train', '--resume', at('scan'), '--epochs', '3');
    expect(out.filter((line) => line.startsWith('epoch 3/3'))).toHaveLength(4);
    expect((await table('scan')).slice(1).map((row) => row[2])).toEqual(['3', '3', '3', '3']);
  });

  it('refuses seeds that cannot be', async () => {
    const { code, err } = await run('train', ...flags, '--seeds', '3,4,3', '-o', at('twice'));
    expect([code, ...err]).toEqual([2, 'ecoder-trainer: option --seeds: 3 is given twice, expected it once']);
    const taken = await run('train', ...flags, '--seeds', '7,6', '-o', at('scan'));
    expect(taken.code).toBe(2);
    expect(taken.err[0]).toContain('seed-6');
    expect(() => seedsOf({ seeds: [5000], seed: 1 })).toThrow(
      'got 5000, expected a number of seeds from 1 to 1000',
    );
  });
});

describe('the loss that decides', () => {
  it('is the mean of the last epochs, which one lucky epoch does not win', () => {
    expect(smoothed([9, 1, 2, 3, 4, 5])).toBe(3);
    expect(smoothed([4, 2])).toBe(3);
    expect(smoothed([5, 5, 0.1, 5, 5])).toBeGreaterThan(smoothed([4, 4, 4, 4, 4]));
  });
});
