import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { writeColumns } from '@hep/datasets/columns';
import type { Column, ColumnTable } from '@hep/datasets/columns';
import { goldenPath, temporaryFolder } from '@hep/test-support';
import { generateToyJets } from '../toy/toy-jets.ts';
import { variableSets } from '../variables/presets.ts';
import { columnNames, jetsOf, jetTable } from './jet-columns.ts';
import { applyCuts, massAbove, qualityCuts, validRows } from './select-jets.ts';
import { splitJets } from './split-jets.ts';
import { listJetFiles, readJets } from './stream-jets.ts';
import { turnedCopies } from './turned-copies.ts';

const folder = await temporaryFolder();
const four = ['m', 'pt', 'phi', 'eta'];

const jagged = (...lists: number[][]): Column => {
  const offsets = [0];
  for (const list of lists) offsets.push(offsets.at(-1)! + list.length);
  return {
    kind: 'jagged',
    offsets: Uint32Array.from(offsets),
    content: { kind: 'flat', values: Float32Array.from(lists.flat()) },
  };
};
const piece = (columns: Record<string, Column>, rows: number, leading = false) => {
  const table: ColumnTable = { rows, columns: new Map(Object.entries(columns)) };
  const names = Object.keys(columns);
  return { path: 'a.root', firstRow: 100, table, names, variables: names, leading };
};

describe('columnNames', () => {
  it('finds variables by what follows the dot', () => {
    expect(columnNames('a', ['JetsAux.m', 'JetsAux.pt', 'pt'], ['pt', 'm'])).toEqual(['pt', 'JetsAux.m']);
    expect(columnNames('a', ['A.pt', 'B.pt'], ['pt'], 'B')).toEqual(['B.pt']);
  });

  it('passes over the lengths that uproot writes beside lists', () => {
    const present = ['nJetsAux.pt', 'JetsAux.pt', 'nJetsAux.m', 'JetsAux.m', 'n'];
    expect(columnNames('a', present, ['pt', 'm'])).toEqual(['JetsAux.pt', 'JetsAux.m']);
    expect(columnNames('a', present, ['n'])).toEqual(['n']);
  });

  it('names what is missing and what is near, and asks which of several', () => {
    expect(() => columnNames('a.root', ['J.pt', 'J.mass', 'J.etta'], ['m', 'pt', 'eta'])).toThrow(
      'a.root: no column or branch m, eta (did you mean etta?); it has J.pt, J.mass, J.etta',
    );
    expect(() => columnNames('a.root', ['A.pt', 'B.pt'], ['pt'])).toThrow(
      'a.root: 2 branches of pt, in A, B; say which with --collection',
    );
    expect(() => columnNames('a.root', ['A.pt'], ['pt'], 'C')).toThrow('a.root: no container C; it has A');
  });
});

describe('jetsOf', () => {
  it('puts the jets of all events one after the other', () => {
    const jets = jetsOf(piece({ pt: jagged([1, 2], [], [3]), m: jagged([4, 5], [], [6]) }, 3));
    expect([...jets.columns.get('pt')!, ...jets.columns.get('m')!]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([0, 1, 2].map(jets.describe)).toEqual([
      'a.root: event 100, jet 0',
      'a.root: event 100, jet 1',
      'a.root: event 102, jet 0',
    ]);
  });

  it('keeps the leading jets alone', () => {
    const jets = jetsOf(piece({ pt: jagged([1, 2], [], [3]) }, 3, true));
    expect([...jets.columns.get('pt')!]).toEqual([1, 3]);
    expect(jets.describe(1)).toBe('a.root: event 102, jet 0');
  });

  it('refuses branches of different lengths, texts and mixtures', () => {
    expect(() => jetsOf(piece({ pt: jagged([1], [2, 3]), m: jagged([1], [2]) }, 2))).toThrow(
      'a.root: event 101: 2 jets in pt, 1 in m; expected as many in all branches',
    );
    expect(() => jetsOf(piece({ pt: { kind: 'text', values: ['a'] } }, 1))).toThrow('column pt holds texts');
    const flat: Column = { kind: 'flat', values: Float64Array.of(1) };
    expect(() => jetsOf(piece({ pt: jagged([1]), m: flat }, 1))).toThrow('m has one number for each event');
  });

  it('converts 64-bit integers', () => {
    const values = BigInt64Array.of(7n);
    expect([...jetsOf(piece({ pt: { kind: 'flat', values } }, 1)).columns.get('pt')!]).toEqual([7]);
  });
});

describe('files of jets', () => {
  it.each(['csv', 'parquet', 'npz'])('come back from %s as they were written', async (format) => {
    const jets = generateToyJets({ rows: 50, seed: 3 });
    const path = join(folder, `jets.${format}`);
    await writeColumns(path, [jetTable(jets)]);
    const read = await readJets(await listJetFiles([join(folder, `j*.${format}`)]), four);
    expect(read.rows).toBe(50);
    for (const name of four) {
      expect(read.columns.get(name)!.map(Math.fround)).toEqual(jets.columns.get(name));
    }
    expect(read.describe(17)).toBe(`${path}: row 17`);
  });

  it('come from the lists of a ROOT tree', async () => {
    const path = goldenPath('root', 'types.root');
    const read = (leading: boolean) => readJets([path], ['var', 'doubles'], { tree: 'a/b/tree', leading });
    const all = await read(false);
    expect([...all.columns.get('var')!]).toEqual([1, 2, 2.25, 3, 3.25, 3.5]);
    expect([...(await read(true)).columns.get('var')!]).toEqual([1, 2, 3]);
    expect(all.describe(4)).toBe(`${path}: event 3, jet 1`);
    await expect(readJets([path], ['var'], { tree: 'a/b/trees' })).rejects.toThrow('a/b/tree');
    await expect(readJets([path], ['vars'], { tree: 'a/b/tree' })).rejects.toThrow(
      'vars (did you mean var?)',
    );
  });

  it('that are not there are named', async () => {
    const [one] = await listJetFiles([join(folder, 'j*.csv')]);
    expect(await listJetFiles([one, relative('.', one)])).toEqual([one]);
    await expect(listJetFiles([join(folder, 'absent.csv')])).rejects.toThrow('absent.csv: no such file');
  });

  it('without jets are refused', async () => {
    const path = join(folder, 'empty.csv');
    await writeFile(path, 'm,pt,phi,eta\n');
    await expect(readJets([path], four)).rejects.toThrow('no jets');
  });
});

describe('selection', () => {
  const jets = {
    rows: 4,
    columns: new Map([
      ['m', Float64Array.of(10, 0.05, NaN, 20)],
      ['pt', Float64Array.of(2e4, 2e4, 2e4, -5)],
      ['phi', new Float64Array(4)],
      ['eta', new Float64Array(4)],
    ]),
    describe: (row: number) => `a.csv: row ${row + 1}`,
  };

  it('names jets that cannot be normalised, or leaves them out', () => {
    expect(() => validRows(variableSets['4d'], jets, false)).toThrow(
      'a.csv: row 3: m is NaN, expected above -1; a.csv: row 4: pt is -5, expected above 0; correct them, or leave them out with --drop-invalid',
    );
    expect([...validRows(variableSets['4d'], jets, true)]).toEqual([0, 1]);
  });

  it('counts what each cut removes and skips cuts of absent variables', () => {
    const { rows, removed } = applyCuts(jets, Int32Array.of(0, 1), [massAbove(0.08), ...qualityCuts]);
    expect([...rows]).toEqual([0]);
    expect(removed).toEqual([{ cut: 'm > 0.08 MeV', jets: 1 }]);
  });

  it('applies the quality cuts of the studies', () => {
    const column = (...values: number[]) => Float64Array.from(values);
    const columns = new Map([
      ['EMFrac', column(0.5, 6, 0.01, 0.01)],
      ['eta', column(0, 0, 2.5, 1)],
    ]);
    expect([...applyCuts({ rows: 4, columns }, Int32Array.of(0, 1, 2, 3), qualityCuts).rows]).toEqual([0, 3]);
  });
});

it('splits as scikit-learn does', () => {
  const { train, test } = splitJets(11);
  // train_test_split(range(11), test_size=0.2, random_state=41) of scikit-learn 1.4: permutation of NumPy
  expect([...test]).toEqual([8, 7, 4]);
  expect([...test, ...train].sort((a, b) => a - b)).toEqual(Array.from({ length: 11 }, (_, i) => i));
});

it('turns copies of jets as a whole and leaves the jets themselves first', () => {
  const jets = generateToyJets({ rows: 40, seed: 1 });
  const copies = turnedCopies(jets, { copies: 2, jitter: 0, metric: variableSets['4d'], seed: 5 });
  expect(copies.rows).toBe(120);
  for (const name of ['m', 'pt']) {
    expect([...copies.columns.get(name)!.subarray(80)]).toEqual([...jets.columns.get(name)!]);
  }
  expect([...copies.columns.get('phi')!.subarray(0, 40)]).toEqual([...jets.columns.get('phi')!]);
  expect(copies.columns.get('phi')!.every((phi) => Math.abs(phi) <= Math.PI)).toBe(true);
  const eta = (row: number) => copies.columns.get('eta')![row];
  expect(Array.from({ length: 40 }, (_, row) => Math.abs(eta(row + 80)))).toEqual(
    Array.from({ length: 40 }, (_, row) => Math.abs(eta(row))),
  );
  expect(
    Array.from({ length: 40 }, (_, row) => eta(row + 40) === eta(row)).filter(Boolean).length,
  ).toBeLessThan(40);
});
