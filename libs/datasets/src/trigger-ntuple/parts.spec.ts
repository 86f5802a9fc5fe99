import fc from 'fast-check';
import type { ColumnFile, FlatColumn } from '../columns.ts';
import { convertedLayers } from '../index.ts';
import { transverseCharge } from './charge.ts';
import { entryPieces } from './entry-pieces.ts';

describe('convertedLayers', () => {
  it.each([
    [5, [9]],
    [4, [7, 11]],
    [3, [13]],
    [2, [1, 3, 5, 15, 17, 50]],
    [-1, [1, 3, 5, 7, 9, 11, 13, 15, 17, 50]],
  ])('of %i eLinks are %j', (elinks, layers) => {
    expect([1, 3, 5, 7, 9, 11, 13, 15, 17, 50].filter(convertedLayers(elinks))).toEqual(layers);
  });

  it('of other numbers are refused', () => {
    expect(() => convertedLayers(6)).toThrow(
      '6 eLinks: layers are known for 2, 3, 4 and 5 eLinks, -1 means all',
    );
  });
});

describe('transverseCharge', () => {
  it('is a whole number, never above data / cosh(eta), less by no more than fixed point loses', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 31 - 1 }),
        fc.double({ min: -3.2, max: 3.2, noNaN: true }),
        (data, eta) => {
          const charge = transverseCharge(data, eta);
          const exact = data / Math.cosh(eta);
          expect(Number.isInteger(charge)).toBe(true);
          expect(charge).toBeLessThanOrEqual(exact);
          expect(charge).toBeGreaterThan(exact - data / 4096 - 1);
          expect(transverseCharge(data, -eta)).toBe(charge);
        },
      ),
    );
  });
});

describe('entryPieces', () => {
  const fileOf = (
    cells: number,
    rows: number,
    stretches?: ColumnFile['stretches'],
    portions: number[] = [],
  ): ColumnFile => ({
    ...{ path: 'made', rows, types: new Map(), stretches, close: async () => undefined },
    read: async (_, range) => {
      const count = range!.end - range!.first;
      portions.push(count);
      const offsets = Uint32Array.from({ length: count + 1 }, (_, i) => i * cells);
      const content: FlatColumn = { kind: 'flat', values: new Uint8Array(0) };
      return {
        rows: count,
        columns: new Map([['tc', { kind: 'jagged', offsets, content }]]),
        release: () => void offsets.fill(0),
      };
    },
  });

  async function pieces(file: ColumnFile): Promise<number[]> {
    const sizes: number[] = [];
    let next = 0;
    for await (const { first, table } of entryPieces(file, ['tc'])) {
      expect(first).toBe(next);
      sizes.push(table.rows);
      next += table.rows;
    }
    expect(next).toBe(file.rows);
    return sizes;
  }

  it('have half a million cells, or an entry that has more', async () => {
    expect(await pieces(fileOf(10_000, 200))).toEqual([32, 50, 50, 50, 18]);
    expect(await pieces(fileOf(0, 5000))).toEqual([32, 256, 2048, 2664]);
    expect(await pieces(fileOf(2_000_000, 35))).toEqual(new Array(35).fill(1));
  });

  it('are read in portions of three million cells, which end with a stretch of the file if one ends near', async () => {
    const stretches = Array.from({ length: 5 }, (_, i) => ({ first: 60 * i, end: 60 * (i + 1) }));
    const portions: number[] = [];
    await pieces(fileOf(20_000, 300, stretches, portions));
    expect(portions).toEqual([32, 148, 120]);
    portions.length = 0;
    await pieces(fileOf(20_000, 300, undefined, portions));
    expect(portions).toEqual([32, 150, 118]);
  });
});
