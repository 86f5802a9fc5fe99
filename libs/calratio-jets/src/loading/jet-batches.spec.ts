import { join } from 'node:path';
import { writeColumns } from '@hep/datasets/columns';
import type { FlatColumn } from '@hep/datasets/columns';
import { temporaryFolder } from '@hep/test-support';
import { generateToyJets, JET_SAMPLES, jetBatches, loadJetTable } from '../index.ts';
import type { JetBatch } from '../index.ts';

const folder = await temporaryFolder();
const path = join(folder, 'jets.parquet');
const toy = generateToyJets({ rows: 25, seed: 3, sample: 'main' });
const odd = Float32Array.from((toy.columns.get('jet_eta') as FlatColumn).values as Float32Array);
odd[12] = NaN;
await writeColumns(path, [
  { rows: 25, columns: new Map([...toy.columns, ['jet_eta', { kind: 'flat' as const, values: odd }]]) },
]);

const columns = ['label', 'jet_pt', 'jet_eta', 'clus_pt_0'];
const { labels } = JET_SAMPLES.main;

async function batches(options: Partial<Parameters<typeof jetBatches>[1]> = {}): Promise<JetBatch[]> {
  const found: JetBatch[] = [];
  for await (const batch of jetBatches(path, { columns, labels, ...options })) found.push(batch);
  return found;
}

it.each([1, 10, 25, 8192])('give all jets, %d at a time, as the whole table has them', async (rowsAtOnce) => {
  const found = await batches({ rowsAtOnce });
  expect(found.map(({ range }) => range.end - range.first)).toEqual(
    Array.from({ length: Math.ceil(25 / rowsAtOnce) }, (_, i) => Math.min(rowsAtOnce, 25 - i * rowsAtOnce)),
  );
  const { table } = await loadJetTable([path], { sample: 'main' });
  for (const name of columns) {
    const joined = found.flatMap((batch) => [...batch.table.columns.get(name)!.values]);
    expect(joined).toEqual([...table.columns.get(name)!.values]);
  }
});

it('tell which numbers were none, by the row of the file', async () => {
  const found = await batches({ rowsAtOnce: 10 });
  expect(found.map(({ replaced }) => replaced)).toEqual([
    [],
    [{ column: 'jet_eta', count: 1, first: { path, row: 12 } }],
    [],
  ]);
});

it('refuse unknown labels and missing columns', async () => {
  await expect(batches({ labels: { 0: 'QCD' } })).rejects.toThrow(
    /column label: got [12], expected 0 \(QCD\)/,
  );
  await expect(batches({ columns: ['label', 'a', 'b'] })).rejects.toThrow(
    '2 columns missing of 814 present: a, b',
  );
});
