import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ColumnTable, FlatColumn } from '@hep/datasets/columns';
import { writeColumns } from '@hep/datasets/columns';
import { temporaryFolder } from '@hep/test-support';
import { currentName, describeReplacements, generateToyJets, loadJetTable, localFiles } from '../index.ts';

const folder = await temporaryFolder();
const toy = generateToyJets({ rows: 12, seed: 1, sample: 'main' });

/** A file of toy jets with some columns changed: new values by column and row, or none to leave a column out. */
async function jetFile(
  name: string,
  changes: Readonly<Record<string, Readonly<Record<number, number>> | null>>,
  order: (names: string[]) => string[] = (names) => names,
): Promise<string> {
  const names = order([...toy.columns.keys()]).filter((column) => changes[column] !== null);
  const columns = names.map((column): [string, FlatColumn] => {
    const { values } = toy.columns.get(column) as FlatColumn;
    const changed =
      changes[column] === undefined ? values : Float64Array.from(values as Float64Array, Number);
    for (const [row, value] of Object.entries(changes[column] ?? {})) changed[Number(row)] = value;
    return [column, { kind: 'flat', values: changed }];
  });
  const path = join(folder, name);
  const table: ColumnTable = { rows: toy.rows, columns: new Map(columns) };
  await writeColumns(path, [table]);
  return path;
}

describe('loadJetTable', () => {
  it('joins files by name, in whatever order their columns stand', async () => {
    const straight = await jetFile('straight.parquet', {});
    const reversed = await jetFile('reversed.csv', {}, (names) => names.reverse());
    const { table } = await loadJetTable([straight, reversed], { sample: 'main' });
    expect(table.rows).toBe(24);
    for (const [name, { values }] of table.columns) {
      const singles = Array.from(values as Float64Array, (value) => Math.fround(Number(value)));
      expect([name, singles.slice(12)]).toEqual([name, singles.slice(0, 12)]);
    }
  });

  it('names all missing columns at once', async () => {
    const path = await jetFile('missing.parquet', { clus_pt_3: null, track_d0_0: null, mcEventWeight: null });
    await expect(loadJetTable([path], { sample: 'main' })).rejects.toThrow(
      'missing.parquet: 3 columns missing of 811 present: mcEventWeight, clus_pt_3, track_d0_0',
    );
  });

  it('names the row of an unknown label, also of one that only the main sample has', async () => {
    const path = await jetFile('label.parquet', { label: { 5: 3 } });
    await expect(loadJetTable([path], { sample: 'main' })).rejects.toThrow(
      'label.parquet row 5, column label: got 3, expected 0 (QCD) or 1 (signal) or 2 (BIB)',
    );
    const signal = await jetFile('signal.parquet', {
      label: Object.fromEntries(toyRows((row) => (row === 7 ? 1 : 0))),
    });
    await expect(loadJetTable([signal], { sample: 'control' })).rejects.toThrow(
      'signal.parquet row 7, column label: got 1, expected 0 (multijet simulation) or 2 (multijet data)',
    );
    const gap = await jetFile('gap.parquet', { label: { 2: NaN } });
    await expect(loadJetTable([gap], { sample: 'main' })).rejects.toThrow(
      'gap.parquet row 2, column label: got NaN',
    );
  });

  it('refuses a class whose weights sum to zero', async () => {
    const path = await jetFile('weights.parquet', {
      label: Object.fromEntries(toyRows((row) => (row < 4 ? 1 : 0))),
      mcEventWeight: { 0: 1, 1: -1, 2: 0.5, 3: -0.5 },
    });
    await expect(loadJetTable([path], { sample: 'main' })).rejects.toThrow(
      'weights.parquet: mcEventWeight of the 4 rows with label 1 (signal) sums to 0, expected a sum above 0',
    );
  });

  it('tells numbers that are not finite by column and row', async () => {
    const first = await jetFile('finite.parquet', {});
    const path = await jetFile('nan.parquet', {
      jet_pt: { 3: NaN, 9: Infinity },
      clus_eta_2: { 0: -Infinity },
    });
    const { table, replaced } = await loadJetTable([first, path], { sample: 'main' });
    expect(table.columns.get('jet_pt')!.values[15]).toBe(0);
    expect(describeReplacements(replaced, 'became 0')).toBe(
      `3 values that are not finite became 0: jet_pt 2 (first in ${path} row 3), clus_eta_2 1 (first in ${path} row 0)`,
    );
  });

  it('refuses two columns that mean the same', async () => {
    const path = join(folder, 'twice.csv');
    await writeFile(path, 'jet_pt,jet_pT\n1,2\n');
    await expect(loadJetTable([path], { sample: 'main' })).rejects.toThrow(
      'twice.csv: columns jet_pt and jet_pT both mean jet_pt; remove one of them',
    );
  });

  it('needs input', async () => {
    await expect(loadJetTable([], { sample: 'main' })).rejects.toThrow(
      'no input given, expected files of jets',
    );
  });
});

function toyRows(value: (row: number) => number): [number, number][] {
  return Array.from({ length: toy.rows }, (_, row) => [row, value(row)]);
}

it.each([
  ['jet_pT', 'jet_pt'],
  ['track_pT_12', 'track_pt_12'],
  ['nn_MSeg_t0_1', 'MSeg_t0_1'],
  ['aux_nn_jet_pT', 'jet_pt'],
  ['jet_nn_score', 'jet_nn_score'],
])('the column %s is %s today', (older, current) => {
  expect(currentName(older)).toBe(current);
});

describe('localFiles', () => {
  it('copies remote files once, apart by their whole address, and leaves local ones', async () => {
    let requests = 0;
    const server = createServer(({ url = '' }, response) => {
      requests++;
      if (url.startsWith('/none')) response.writeHead(404);
      response.end(url);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const options = { cache: join(folder, 'cache') };
      const [a, b] = await localFiles([`${root}/a/x.pkl`, `${root}/b/x.pkl?version=2`], options);
      expect([a.endsWith('/x.pkl'), b.endsWith('/x.pkl'), a === b]).toEqual([true, true, false]);
      expect(await localFiles([`${root}/a/x.pkl`], options)).toEqual([a]);
      expect(requests).toBe(2);
      await expect(localFiles([`${root}/none.pkl`], options)).rejects.toThrow(
        '/none.pkl: download failed (status 404); copy the file and give its path',
      );
    } finally {
      server.close();
    }
    await expect(localFiles(['http://127.0.0.1:1/x.pkl'], { cache: folder })).rejects.toThrow(
      'download failed',
    );
  });

  it('knows paths, file:// and patterns of both', async () => {
    const path = join(folder, 'a b.csv');
    await writeFile(path, '');
    expect(await localFiles([path, `file://${folder}/a%20b.csv`, `file://${folder}/a?b.csv`])).toEqual([
      path,
      path,
      path,
    ]);
    await expect(localFiles(['none.csv'])).rejects.toThrow('none.csv: no such file');
    await expect(localFiles(['file://host/x'])).rejects.toThrow(
      'not understood, expected file:///absolute/path',
    );
    await expect(localFiles(['root://eos/x.root'])).rejects.toThrow('scheme root is not known');
  });
});
