import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadWafers, normalise, restore, splitShuffled, writeToy } from './index.ts';

describe('the example of the README', () => {
  it('goes from a folder to charges and back', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hep-readme-'));
    await writeToy(join(folder, 'toy.csv'), { rows: 50, seed: 1 });
    const wafers = await loadWafers([folder], { rowsPerFile: 500_000 });
    const { fractions, sums } = normalise(wafers.charges, 'power-of-two');
    const { train, validation } = splitShuffled(wafers.rows, 1);
    const counts = restore(fractions, sums, 'sum');
    expect([train.length, validation.length]).toEqual([40, 10]);
    counts.forEach((count, i) =>
      expect(Math.abs(count - wafers.charges[i])).toBeLessThanOrEqual(1e-6 * count),
    );
    rmSync(folder, { recursive: true });
  });
});
