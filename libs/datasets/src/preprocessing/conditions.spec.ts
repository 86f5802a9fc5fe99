import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { SideColumn, WaferData } from '../index.ts';
import {
  conditionsOf,
  createGenerator,
  generateToy,
  loadWafers,
  mixOf,
  requireConditions,
  rowsOfElinks,
} from '../index.ts';

const folder = mkdtempSync(join(tmpdir(), 'hep-conditions-'));
afterAll(() => rmSync(folder, { recursive: true }));

const module = { tc_eta: -2.17, waferv: -3, waferu: 6, wafertype: 2, layer: 24 } as const;

function wafers(columns: Partial<Record<SideColumn, readonly number[]>>): WaferData {
  const rows = Object.values(columns)[0].length;
  return {
    rows,
    charges: new Float32Array(48 * rows).fill(1),
    side: new Map(
      Object.entries(columns).map(([name, values]) => [name as SideColumn, Float64Array.from(values)]),
    ),
  };
}

const single = (changes: Partial<Record<SideColumn, number>> = {}) =>
  wafers(
    Object.fromEntries(Object.entries({ ...module, ...changes }).map(([name, value]) => [name, [value]])),
  );

describe('conditionsOf', () => {
  it('has eta, v, u, type, charge sum and layer in this order', () => {
    const expected = [-2.17 / 3.1, -3 / 12, 6 / 12, 0, 0, 1, Math.log(49), 23 / 46];
    expect([...conditionsOf(single())]).toEqual(expected.map(Math.fround));
  });

  it('counts the first trigger cell like every other', () => {
    fc.assert(
      fc.property(fc.nat(47), (cell) => {
        const data = single();
        data.charges.fill(0);
        data.charges[cell] = 100;
        expect(conditionsOf(data)[6]).toBe(Math.fround(Math.log(101)));
      }),
    );
  });

  it('can be made of every toy module', () => {
    const conditions = conditionsOf(generateToy({ rows: 500, seed: 3 }));
    expect(conditions.every((value) => Math.abs(value) < 15)).toBe(true);
    const types = [3, 4, 5].map((k) => conditions.filter((value, i) => i % 8 === k && value === 1).length);
    expect(types[0] + types[1] + types[2]).toBe(500);
    for (const count of types) expect(count).toBeGreaterThan(50);
  });

  it('names every missing column', () => {
    expect(() => conditionsOf(wafers({ tc_eta: [2], waferv: [1], waferu: [1] }))).toThrow(
      'columns wafertype, layer are missing, expected tc_eta, waferv, waferu, wafertype, layer for the conditions of a ' +
        'decoder; give files with these columns, or choose networks without conditions',
    );
  });

  it('names the line of an unknown wafer type', async () => {
    const names = Array.from({ length: 48 }, (_, cell) => `CALQ_${cell}`);
    const rows = [2, 7].map((type) => [...names.map(() => 1), 2.1, 1, 2, type, 9].join());
    const path = join(folder, 'odd.csv');
    writeFileSync(
      path,
      `${[...names, 'tc_eta', 'waferv', 'waferu', 'wafertype', 'layer'].join()}\n${rows.join('\n')}\n`,
    );
    const data = await loadWafers([path]);
    expect(() => requireConditions(data)).toThrow(
      `${path} line 3: wafertype is 7, expected 0, 1 or 2 for the conditions of a decoder; correct or remove it`,
    );
  });

  it('refuses columns that only some of the files have', () => {
    expect(() => conditionsOf(single({ layer: NaN }))).toThrow('row 0: layer is NaN, expected a number');
  });
});

describe('rowsOfElinks', () => {
  const data = wafers({ layer: [1, 5, 7, 9, 11, 13, 15] });

  it.each([
    [5, [1, 2, 3, 4]],
    [4, [2, 4]],
    [3, [5]],
    [2, [0, 1, 6]],
  ])('%d eLinks', (elinks, rows) => {
    expect([...rowsOfElinks(data, elinks)]).toEqual(rows);
  });

  it('tells what is wrong', () => {
    expect(() => rowsOfElinks(data, 6)).toThrow('6 eLinks: layers are known for 2, 3, 4 and 5 eLinks');
    expect(() => rowsOfElinks(single(), 3)).toThrow('none of the 1 modules is in a layer of 3 eLinks');
    expect(() => rowsOfElinks(wafers({ waferu: [1] }), 3)).toThrow('column layer is missing');
  });
});

describe('mixOf', () => {
  const energies = fc
    .tuple(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 200 }))
    .map(([signal, rest]) => [...Array<number>(signal).fill(3), ...Array<number>(rest).fill(0)]);
  const share = fc.integer({ min: 1, max: 99 }).map((percent) => percent / 100);

  it('has the share of pile-up that was asked for, to a module', () => {
    fc.assert(
      fc.property(energies, share, fc.nat(), (SimEnergyTotal, pileUp, seed) => {
        const rows = mixOf(wafers({ SimEnergyTotal }), pileUp, createGenerator(seed));
        const found = rows.filter((row) => SimEnergyTotal[row] === 0).length;
        expect(Math.abs(found - pileUp * rows.length)).toBeLessThanOrEqual(1);
        const repeated = rows.filter((row) => SimEnergyTotal[row] === 0);
        expect(new Set(repeated).size).toBe(repeated.length);
      }),
    );
  });

  it('repeats rare signal up to a tenth', () => {
    const SimEnergyTotal = [5, ...Array<number>(90).fill(0)];
    const rows = mixOf(wafers({ SimEnergyTotal }), 0.9, createGenerator(1));
    expect(rows.length).toBe(100);
    expect(rows.filter((row) => row === 0).length).toBe(10);
  });

  it('tells what is wrong', () => {
    const random = createGenerator(1);
    expect(() => mixOf(single(), 0.5, random)).toThrow('column SimEnergyTotal is missing');
    expect(() => mixOf(wafers({ SimEnergyTotal: [1, 2] }), 0.5, random)).toThrow(
      'all 2 modules are signal, expected some of pile-up to mix with',
    );
  });
});
