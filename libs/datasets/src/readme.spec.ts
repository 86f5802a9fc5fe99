import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openColumns, rowFilter, writeColumns } from './columns.ts';
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

  it('chooses rows of a table of any format and writes a part', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hep-readme-'));
    writeFileSync(join(folder, 'jets.csv'), 'jet_eta,eventNumber\n0.5,3\n2,5\n-0.1,7\n');
    const file = await openColumns(join(folder, 'jets.csv'));
    const isCentral = rowFilter('abs(jet_eta) < 1 and eventNumber % 2 == 1');
    const table = await file.read(isCentral.columns, { first: 0, end: 1000 });
    const rows = isCentral.rows(table);
    await writeColumns(join(folder, 'part.parquet'), [table]);
    await file.close();
    expect([...rows]).toEqual([0, 2]);
    const part = await openColumns(join(folder, 'part.parquet'));
    expect(part.rows).toBe(3);
    await part.close();
    rmSync(folder, { recursive: true });
  });
});
