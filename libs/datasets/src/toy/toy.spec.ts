import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  generateToy,
  layerZ,
  loadWafers,
  nearestWafer,
  occupancy,
  waferDirection,
  writeToy,
  writeWafers,
} from '../index.ts';

const folder = mkdtempSync(join(tmpdir(), 'hep-toy-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('generateToy', () => {
  const toy = generateToy({ rows: 6000, seed: 1 });
  const cells = occupancy(toy.charges);
  const share = (low: number, high: number) => cells.filter((n) => n >= low && n <= high).length / toy.rows;

  it('fills 0 to 40 cells above 1 MIP_T, fewer modules the more cells', () => {
    expect([Math.min(...cells), Math.max(...cells)]).toEqual([0, 40]);
    expect(cells.reduce((a, b) => a + b, 0) / toy.rows).toBeGreaterThan(4);
    expect(cells.reduce((a, b) => a + b, 0) / toy.rows).toBeLessThan(8);
    expect(share(0, 4)).toBeGreaterThan(share(5, 9));
    expect(share(5, 9)).toBeGreaterThan(share(10, 19));
    expect(share(10, 19)).toBeGreaterThan(share(20, 40));
    expect(share(20, 40)).toBeGreaterThan(0.01);
  });

  it('gives whole counts, none suppressed below a quarter of a MIP_T, no empty module', () => {
    expect(toy.charges.every((q) => q % 1 === 0 && (q === 0 || q >= 9))).toBe(true);
    expect(Math.min(...occupancy(toy.charges, 0))).toBeGreaterThan(0);
    expect(toy.charges.some((q) => q > 1000)).toBe(true);
  });

  it('places modules where their layer, u and v are', () => {
    const column = (name: Parameters<typeof toy.side.get>[0]) => toy.side.get(name)!;
    for (let row = 0; row < 300; row++) {
      const layer = column('layer')[row];
      const { eta, phi } = waferDirection(layer, { u: column('waferu')[row], v: column('waferv')[row] });
      expect(column('tc_eta')[row]).toBe(column('zside')[row] * eta);
      expect(column('tc_phi')[row]).toBe(phi);
      expect(eta >= 1.6 && eta <= 2.9).toBe(true);
      expect(column('subdet')[row]).toBe(layer <= 28 ? 1 : 2);
      expect(layer > 28 || layer % 2 === 1).toBe(true);
    }
    expect(column('SimEnergyTotal').filter((energy) => energy === 0).length / toy.rows).toBeCloseTo(0.25, 1);
  });

  it('depends on seed and row number only', () => {
    const part = generateToy({ rows: 7, seed: 1, firstRow: 1003 });
    expect([...part.charges]).toEqual([...toy.charges.subarray(48 * 1003, 48 * 1010)]);
    expect([...part.side.get('tc_eta')!]).toEqual([...toy.side.get('tc_eta')!.subarray(1003, 1010)]);
    expect([...generateToy({ rows: 7, seed: 2 }).charges]).not.toEqual([...toy.charges.subarray(0, 48 * 7)]);
  });
});

describe('the module grid', () => {
  it('finds the module that holds a direction', () => {
    const place = fc.record({ u: fc.integer({ min: -12, max: 12 }), v: fc.integer({ min: -12, max: 12 }) });
    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 50 }), ({ u, v }, layer) => {
        fc.pre(u !== 0 || v !== 0);
        const { eta, phi } = waferDirection(layer, { u, v });
        expect(nearestWafer(layer, eta, phi)).toEqual({ u, v });
      }),
    );
    expect(layerZ(1)).toBe(322);
  });
});

describe('writeToy', () => {
  it('writes a file that loads to the same modules, in any batching', async () => {
    const path = join(folder, 'new', 'toy.csv');
    await writeToy(path, { rows: 300, seed: 4 });
    const loaded = await loadWafers([path]);
    const toy = generateToy({ rows: 300, seed: 4 });
    expect([...loaded.charges]).toEqual([...toy.charges]);
    for (const [name, column] of toy.side)
      expect([name, ...loaded.side.get(name)!]).toEqual([name, ...column]);
    const batches = [0, 100, 200].map((firstRow) => generateToy({ rows: 100, seed: 4, firstRow }));
    const other = join(folder, 'new', 'batches.csv');
    await writeWafers(other, batches);
    expect(readFileSync(other)).toEqual(readFileSync(path));
  });

  it('leaves no file behind when it fails', async () => {
    function* broken() {
      yield generateToy({ rows: 10, seed: 1 });
      throw new Error('out of rows');
    }
    const place = join(folder, 'broken');
    await expect(writeWafers(join(place, 'toy.csv'), broken())).rejects.toThrow('out of rows');
    expect(readdirSync(place)).toEqual([]);
  });
});
