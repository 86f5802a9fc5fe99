import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ColumnTable, FlatColumn } from '@hep/datasets/columns';
import { joinTables, openColumns, writeColumns } from '@hep/datasets/columns';
import { describeWithFixture, fixturePath, temporaryFolder } from '@hep/test-support';
import fc from 'fast-check';
import type { BuildRequest } from '../index.ts';
import {
  buildJets,
  OBJECT_KINDS,
  objectColumn,
  preprocessJets,
  TRAINING_COLUMNS,
  trainingTypes,
} from '../index.ts';

const GOLDEN = ['calratio', 'golden', 'build_bib.csv'];
const BIB = fixturePath('calratio', 'tests_data', 'bib.pkl');
const folder = await temporaryFolder();
const scaling = { minJetPtGeV: 0, maxJetPtGeV: 500 };
const [CLUSTERS, TRACKS] = OBJECT_KINDS;

async function build(request: Partial<BuildRequest>): Promise<{ table: ColumnTable; told: string[] }> {
  const told: string[] = [];
  const parts: ColumnTable[] = [];
  const tables = buildJets({
    ...{ inputs: [], scaling, removed: [], seed: 1 },
    tell: (line) => told.push(line),
    ...request,
  });
  for await (const table of tables) parts.push(table);
  return { table: joinTables(parts, trainingTypes(request.removed ?? [])), told };
}

function numbers({ columns }: ColumnTable, name: string): FlatColumn['values'] {
  return (columns.get(name) as FlatColumn).values;
}

/** A table of jets with these values and zeros elsewhere. */
function jets(rows: number, values: Readonly<Record<string, readonly number[]>>): ColumnTable {
  const columns = TRAINING_COLUMNS.map((name): [string, FlatColumn] => [
    name,
    { kind: 'flat', values: Float64Array.from({ length: rows }, (_, row) => values[name]?.[row] ?? 0) },
  ]);
  return { rows, columns: new Map(columns) };
}

describeWithFixture(GOLDEN, 'a training file built from background jets', () => {
  const [header, ...lines] = readFileSync(fixturePath(...GOLDEN), 'utf8')
    .trim()
    .split('\n');
  const names = header.split(',');
  const cells = lines.map((line) => line.split(','));

  it('has the numbers of the reference to the printed digits', async () => {
    const { table } = await build({ inputs: [{ input: BIB }] });
    expect(table.rows).toBe(558);
    expect([...table.columns.keys()]).toEqual(names);
    names.forEach((name, column) => {
      const values = numbers(table, name);
      cells.forEach((row, i) => {
        const printed = row[column] === '' ? NaN : Number(row[column]);
        const value = Number(values[i]);
        const isSame = Object.is(value, printed) || Number(value.toPrecision(9)) === printed;
        const isRounded = Math.abs(value - printed) <= 6e-9 * Math.abs(printed);
        if (!isSame && !isRounded) throw new Error(`${name} row ${i}: ${value}, expected ${row[column]}`);
      });
    });
  });

  it('chooses rows by an expression, and about as many as wanted by the seed', async () => {
    const odd = await build({ inputs: [{ input: BIB, filter: 'eventNumber % 2 == 1' }] });
    const even = await build({ inputs: [{ input: BIB, filter: 'not eventNumber % 2 == 1' }] });
    expect(odd.table.rows + even.table.rows).toBe(558);
    expect((numbers(odd.table, 'eventNumber') as BigUint64Array).every((number) => number % 2n === 1n)).toBe(
      true,
    );
    const some = await build({ inputs: [{ input: BIB, rows: 100 }], seed: 3 });
    const again = await build({ inputs: [{ input: BIB, rows: 100 }], seed: 3 });
    const other = await build({ inputs: [{ input: BIB, rows: 100 }], seed: 4 });
    expect(some.table.rows).toBe(100);
    expect(numbers(again.table, 'jet_pt')).toEqual(numbers(some.table, 'jet_pt'));
    expect(numbers(other.table, 'jet_pt')).not.toEqual(numbers(some.table, 'jet_pt'));
    const { table, told } = await build({ inputs: [{ input: BIB, rows: 1000 }] });
    expect(table.rows).toBe(558);
    expect(told[0]).toMatch(/bib.pkl: 1000 rows wanted, only 558 available$/);
  });

  it('gives the rows of several files in their order, whatever the format', async () => {
    const file = await openColumns(BIB);
    const table = await file.read([...file.types.keys()], { first: 0, end: 7 });
    await file.close();
    for (const format of ['parquet', 'npz', 'csv'])
      await writeColumns(join(folder, `jets.${format}`), [table], file.types);
    await writeFile(join(folder, 'jets.pkl.lock'), 'held');
    const { table: built } = await build({ inputs: [{ input: join(folder, 'jets.*') }] });
    expect(built.rows).toBe(21);
    const pt = numbers(built, 'jet_pt');
    expect(pt.slice(7, 14)).toEqual(pt.slice(0, 7));
    const events = numbers(built, 'eventNumber');
    expect(events.slice(14)).toEqual(events.slice(0, 7));
  });
});

describe('buildJets', () => {
  it('tells every missing column at once, and old names of masses', async () => {
    const path = join(folder, 'old.csv');
    const { rows, columns } = jets(1, { llp_mH: [600], jet_pt: [100] });
    const old = new Map(
      [...columns].map(([name, column]) => [
        name === 'llp_mH' ? 'mH' : name === 'jet_pt' ? 'jet_pT' : name,
        column,
      ]),
    );
    await writeColumns(path, [{ rows, columns: old }]);
    const { table, told } = await build({ inputs: [{ input: path }] });
    expect(numbers(table, 'llp_mH')[0]).toBe(600);
    expect(numbers(table, 'jet_pt')[0]).toBe(0.2);
    expect(told[0]).toBe(`warning: ${path}: old input file: mH is read as llp_mH`);
    for (const name of ['clus_eta_3', 'label']) old.delete(name);
    await writeColumns(path, [{ rows, columns: old }]);
    await expect(build({ inputs: [{ input: path }] })).rejects.toThrow(
      `${path}: 2 columns missing of 812 present: label, clus_eta_3`,
    );
  });

  it('names the row of an unknown label, and gaps by column and row', async () => {
    const path = join(folder, 'label.parquet');
    await writeColumns(path, [jets(3, { label: [0, 1, 7] })]);
    await expect(build({ inputs: [{ input: path }] })).rejects.toThrow(
      `${path} row 2, column label: got 7, expected 0 (QCD), 1 (signal) or 2 (BIB)`,
    );
    await writeColumns(path, [jets(3, { track_d0_4: [0, NaN, Infinity] })]);
    const { told } = await build({ inputs: [{ input: path }] });
    expect(told[1]).toBe(
      `warning: 2 values that are not finite will be 0 for the network: track_d0_4 2 (first in ${path} row 1)`,
    );
  });

  it('gives no rows where the expression is true for none, and names unknown columns', async () => {
    const path = join(folder, 'few.parquet');
    await writeColumns(path, [jets(2, {})]);
    expect((await build({ inputs: [{ input: path, filter: 'jet_pt > 1' }] })).table.rows).toBe(0);
    await expect(build({ inputs: [{ input: path, filter: 'jet_ptt > 1' }] })).rejects.toThrow(
      'unknown column in the expression: jet_ptt (did you mean jet_pt?)',
    );
    await expect(build({ inputs: [{ input: join(folder, '*.nothing') }] })).rejects.toThrow('no such file');
  });

  it('warns of jets that are scaled already', async () => {
    const path = join(folder, 'unscaled.parquet');
    await writeColumns(path, [jets(2, { jet_pt: [40, 300] })]);
    const { table, told } = await build({ inputs: [{ input: path }] });
    expect(told).toEqual([`${path}: 2 of 2 jets`]);
    const scaled = join(folder, 'scaled.parquet');
    await writeColumns(scaled, [table]);
    const again = await build({ inputs: [{ input: scaled }] });
    expect(again.told[2]).toBe(
      `warning: ${scaled}: no jet has 2 GeV or more; a training file, scaled by build already?`,
    );
  });

  it('leaves out columns', async () => {
    const path = join(folder, 'removed.parquet');
    await writeColumns(path, [jets(2, {})]);
    const { table } = await build({ inputs: [{ input: path }], removed: ['jet_phi', 'HLT_jet_eta'] });
    expect([...table.columns.keys()]).toEqual(TRAINING_COLUMNS.filter((name) => name !== 'jet_phi'));
  });
});

describe('preprocessJets', () => {
  const values = (table: ColumnTable) =>
    new Map(TRAINING_COLUMNS.map((name) => [name, numbers(table, name) as Float64Array]));
  const cluster = (feature: string, i: number) => objectColumn(CLUSTERS, feature, i);

  it('scales the range of jets to 0..1, clusters in MeV, and leaves absent objects at 0', () => {
    const table = jets(1, { jet_pt: [100], clus_pt_0: [100_000], track_pt_0: [100] });
    preprocessJets(values(table), { minJetPtGeV: 20, maxJetPtGeV: 420 });
    for (const name of ['jet_pt', 'clus_pt_0', 'track_pt_0'])
      expect(numbers(table, name)[0]).toBeCloseTo(0.2, 15);
    expect(numbers(table, 'clus_pt_1')[0]).toBe(0);
    expect(numbers(table, 'track_pt_1')[0]).toBe(0);
    const compat = jets(1, { clus_pt_0: [100_000] });
    preprocessJets(values(compat), { minJetPtGeV: 20, maxJetPtGeV: 420, referenceCompat: true });
    expect(numbers(compat, 'clus_pt_0')[0]).toBe((100_000 - 20) / 400_000);
    expect(numbers(compat, 'track_pt_1')[0]).toBe(-0.05);
  });

  it('turns most momentum to positive eta, keeps the rest, and gives fractions that sum to 1', () => {
    const energy = fc.double({ min: 0.1, max: 1e5, noNaN: true });
    const objects = fc.array(fc.tuple(energy, fc.double({ min: -2, max: 2, noNaN: true })), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(objects, fc.array(energy, { minLength: 8, maxLength: 8 }), (list, layers) => {
        const cells: Record<string, number[]> = {};
        list.forEach(([pt, eta], i) => {
          cells[cluster('pt', i)] = [pt];
          cells[cluster('eta', i)] = [eta];
          cells[objectColumn(TRACKS, 'pt', i)] = [pt];
          cells[objectColumn(TRACKS, 'eta', i)] = [-eta];
        });
        const names = [1, 2, 3, 4].flatMap((layer) => [`l${layer}ecal`, `l${layer}hcal`]);
        names.forEach((name, i) => (cells[cluster(name, 0)] = [layers[i]]));
        const table = jets(1, cells);
        preprocessJets(values(table), scaling);
        for (const kind of [CLUSTERS, TRACKS]) {
          const sum = list.reduce(
            (total, _, i) =>
              total +
              Number(numbers(table, objectColumn(kind, 'pt', i))[0]) *
                Number(numbers(table, objectColumn(kind, 'eta', i))[0]),
            0,
          );
          expect(sum).toBeGreaterThanOrEqual(-1e-9);
        }
        list.forEach(([, eta], i) =>
          expect(Math.abs(Number(numbers(table, cluster('eta', i))[0]))).toBe(Math.abs(eta)),
        );
        const shares = names.map((name) => Number(numbers(table, cluster(name, 0))[0]));
        expect(shares.reduce((sum, share) => sum + share)).toBeCloseTo(1, 12);
        expect(numbers(table, cluster('l1ecal', 1))[0]).toBeNaN();
      }),
      { numRuns: 50 },
    );
  });
});
