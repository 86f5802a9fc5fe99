import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '@hep/options';
import { goldenJson, goldenNpy, goldenPath } from '@hep/test-support';
import type { WaferData, WaferLoadOptions } from '../index.ts';
import {
  doubleWafers,
  firstWafers,
  loadWafers,
  parseColumnMap,
  selectWafers,
  streamWafers,
} from '../index.ts';

const folder = mkdtempSync(join(tmpdir(), 'hep-wafers-'));
afterAll(() => rmSync(folder, { recursive: true }));

const v1 = goldenPath('preprocessing', 'calq_v1.csv');
const v2 = goldenPath('preprocessing', 'calq_v2.csv');
const golden = goldenJson('preprocessing', 'load_data.json') as Record<string, { row_sums: number[] }>;
const masks = goldenJson('preprocessing', 'intended_masks.json') as Record<string, number[]>;

function file(content: string, name = 'calq.csv'): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const names = Array.from({ length: 48 }, (_, cell) => `CALQ_${cell}`);
const csv = (rows: (string | number)[][], header: string[] = names) =>
  [header, ...rows].map((row) => row.join(',')).join('\n');
const charges = (change: Record<number, string | number> = {}) =>
  Array.from({ length: 48 }, (_, cell) => change[cell] ?? cell);

function rowSums({ charges, rows }: WaferData): number[] {
  return Array.from({ length: rows }, (_, row) =>
    charges.slice(48 * row, 48 * row + 48).reduce((a, b) => a + b, 0),
  );
}

async function message(inputs: string[], options: WaferLoadOptions = {}): Promise<string> {
  const error: unknown = await loadWafers(inputs, options).then(
    () => 'no error',
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return (error as Error).message.replaceAll(`${folder}/`, '');
}

describe('the reference loader', () => {
  it.each([
    ['v1', v1, {}],
    ['nrows30', v1, { rowsPerFile: 30 }],
    ['double', v1, { double: true }],
  ])('%s gives the same charges', async (name, path, options) => {
    expect(rowSums(await loadWafers([path], options))).toEqual(golden[name].row_sums);
  });

  it('rows come with their own eta', async () => {
    const data = await loadWafers([v1]);
    const lines = readFileSync(v1, 'utf8').trim().split('\n').slice(1);
    const kept = lines
      .filter((_, row) => masks['nonzero'].includes(row))
      .map((line) => Number(line.split(',')[55]));
    expect([...data.side.get('tc_eta')!]).toEqual(kept);
    expect(data.cuts).toEqual({ read: 60, zeroCharge: 2, partials: 0, energies: 0 });
  });

  it.each([
    ['partials', { maskPartials: true }],
    ['energies', { maskEnergies: true }],
  ])('mask %s keeps the rows it means', async (name, options) => {
    const all = await loadWafers([v2]);
    const masked = await loadWafers([v2], options);
    const wanted = masks[name].filter((row) => masks['nonzero'].includes(row));
    expect([...masked.origin!.lines].map((line) => line - 2)).toEqual(wanted);
    const rows = Int32Array.from(wanted, (row) => masks['nonzero'].indexOf(row));
    expect([...masked.charges]).toEqual([...selectWafers(all, rows).charges]);
    expect([...masked.side.get('tc_phi')!]).toEqual([...selectWafers(all, rows).side.get('tc_phi')!]);
  });

  it('doubles pairs of rows', () => {
    const input = goldenNpy('preprocessing', 'norm_in.npy').values;
    const data: WaferData = {
      rows: 40,
      charges: Float32Array.from(input),
      side: new Map([['layer', Float64Array.from({ length: 40 }, (_, row) => row)]]),
    };
    const doubled = doubleWafers(data);
    expect([...doubled.charges]).toEqual([...goldenNpy('preprocessing', 'doubled.npy').values]);
    expect([...doubled.side.get('layer')!]).toEqual(Array.from({ length: 20 }, (_, row) => 2 * row));
    expect(firstWafers(doubled, 3).charges.length).toBe(144);
  });
});

describe('columns', () => {
  it('are found by name in any order, aliases included', async () => {
    const header = ['entry', ...names, 'simenergy', 'EventSimEnergy', 'HD_LD'];
    const data = await loadWafers([file(csv([[5, ...charges(), 1.5, 20, 'LD']], header))]);
    expect([...data.charges]).toEqual(charges());
    expect(Object.fromEntries([...data.side].map(([name, [value]]) => [name, value]))).toEqual({
      entry: 5,
      SimEnergyTotal: 1.5,
      EventSimEnergyTotal: 20,
    });
  });

  it('are found by position without a header; the first row counts', async () => {
    const rows = [0, 1].map((row) => [...charges(), row, 1, 9, -3, 4, 0.5, 1, 2.25, -1.5].join(','));
    const data = await loadWafers([file(rows.join('\n'))]);
    expect([...data.side.get('entry')!]).toEqual([0, 1]);
    expect([...data.side.get('tc_eta')!]).toEqual([2.25, 2.25]);
    expect([...data.side.get('SimEnergyTotal')!]).toEqual([0.5, 0.5]);
  });

  it('follow an explicit map', async () => {
    const columns = parseColumnMap(['CALQ=1', 'tc_eta=0']);
    const data = await loadWafers([file([2.5, ...charges()].join(','))], { columns });
    expect([...data.charges]).toEqual(charges());
    expect([...data.side.get('tc_eta')!]).toEqual([2.5]);
    const renamed = file(
      csv(
        [charges()],
        names.map((name) => name.replace('CALQ', 'ADC')),
      ),
    );
    expect((await loadWafers([renamed], { columns: parseColumnMap(['CALQ=ADC_']) })).rows).toBe(1);
    expect(() => parseColumnMap(['tc_et=3'])).toThrow(
      'column map: unknown column tc_et; did you mean tc_eta?',
    );
    expect(() => parseColumnMap(['3'])).toThrow('column map: got "3", expected NAME=POSITION or NAME=HEADER');
  });
});

describe('streamWafers', () => {
  it('gives the rows of loadWafers', async () => {
    const batches = [];
    for await (const batch of streamWafers([v1, v2], 10)) batches.push(...rowSums(batch));
    expect(batches).toEqual(rowSums(await loadWafers([v1, v2])));
  });
});

describe('bad input', () => {
  const expected = 'expected a finite number, at least 0; correct the line or remove it';
  it.each([
    ['text', 'abc', `calq.csv line 3, column 8 (CALQ_7): got "abc", ${expected}`],
    ['NaN', 'NaN', `calq.csv line 3, column 8 (CALQ_7): got "NaN", ${expected}`],
    ['infinity', 'inf', `calq.csv line 3, column 8 (CALQ_7): got "inf", ${expected}`],
    ['a negative charge', '-3', `calq.csv line 3, column 8 (CALQ_7): got "-3", ${expected}`],
    ['an overflow', '1e999', `calq.csv line 3, column 8 (CALQ_7): got "1e999", ${expected}`],
    ['nothing', '', `calq.csv line 3, column 8 (CALQ_7): got nothing, ${expected}`],
  ])('%s in a charge', async (_, value, text) => {
    expect(await message([file(csv([charges(), charges({ 7: value })]))])).toBe(text);
  });

  it('names positions without a header', async () => {
    const content = [charges(), charges({ 7: 'x' })].map((row) => row.join(',')).join('\r\n');
    expect(await message([file(content)])).toBe(`calq.csv line 2, column 8: got "x", ${expected}`);
  });

  it('missing charges', async () => {
    expect(await message([file(csv([charges().slice(1)], names.slice(1)))])).toBe(
      'calq.csv: column CALQ_0 is missing, expected CALQ_0 to CALQ_47; the header has CALQ_1, CALQ_2, CALQ_3, CALQ_4, ...',
    );
    expect(await message([file('1,2,3\n')])).toBe('calq.csv: 3 columns, expected 48 charges');
  });

  it('a header where none is expected', async () => {
    expect(await message([file(csv([charges()]))], { header: 'none' })).toBe(
      `calq.csv line 1, column 1: got "CALQ_0", ${expected}`,
    );
  });

  it('all rows filtered away', async () => {
    const header = [...names, 'ModType', 'SimEnergyFraction'];
    const empty = charges().map(() => 0);
    const rows = [
      [...empty, 'FI', 1],
      [...charges(), 'PX', 1],
      [...charges(), 'PX', 0],
      [...charges(), 'FM', 0.05],
    ];
    expect(await message([file(csv(rows, header))], { maskPartials: true, maskEnergies: true })).toBe(
      'calq.csv: all 4 rows are filtered away: 1 with zero charge, 2 by mask-partials (ModType not FI, FM, FO), ' +
        '1 by mask-energies (SimEnergyFraction at most 0.05); expected at least one that stays, check the files or leave a cut away',
    );
    expect(await message([file(csv([charges()]))], { double: true })).toBe(
      'calq.csv: all 1 rows are filtered away: 1 without a partner for double; expected at least one that stays, check the files or leave a cut away',
    );
  });

  it('masks without their column: an error for shapes, a warning for energies', async () => {
    const path = file(csv([charges()]));
    expect(await message([path], { maskPartials: true })).toBe(
      'calq.csv: column ModType is missing, needed by mask-partials; leave that cut away',
    );
    const warnings: string[] = [];
    const data = await loadWafers([path], { maskEnergies: true, onWarning: (text) => warnings.push(text) });
    expect([data.rows, warnings]).toEqual([
      1,
      ['column SimEnergyFraction is missing: mask-energies keeps every module'],
    ]);
  });
});
