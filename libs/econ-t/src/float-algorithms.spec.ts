import { expectClose, goldenNpy } from '@hep/test-support';
import { cellsAbove, largestCells, superCells } from './index.ts';

const npy = (name: string) => goldenNpy('preprocessing', `alg_${name}.npy`).values;
const charges = npy('in');

it.each([1.35, 2])('threshold %d MIP_T is the reference', (threshold) => {
  const name = threshold === 2 ? 'thr2.0' : `thr${threshold}`;
  expect([...cellsAbove(charges, threshold)]).toEqual([...npy(name)]);
});

it.each([4, 6, 9, 14])('the %i largest cells are those of the reference', (count) => {
  expect([...largestCells(charges, count)]).toEqual([...npy(`bc${count}`)]);
});

it('ties at the cut keep as many and as large charges as the reference', () => {
  const sortedRows = (values: Float64Array) =>
    Array.from({ length: values.length / 48 }, (_, row) =>
      [...values.subarray(48 * row, 48 * row + 48)].sort(),
    );
  expect(sortedRows(largestCells(npy('ties_in'), 9))).toEqual(sortedRows(npy('ties_bc9')));
  expect(largestCells(new Float64Array(48).fill(1), 2).indexOf(1)).toBe(46);
});

describe('super cells', () => {
  /** The reference counts cell 43 twice and cell 42 never; that group is left out. */
  const misprinted = [42, 43, 46, 47];
  const others = (values: Float64Array) => values.filter((_, i) => !misprinted.includes(i % 48));

  it('of 16 are the reference', () => {
    expectClose(superCells(charges, 16, 'largest'), npy('stc16'), { relative: 1e-14 });
    const share = superCells(charges, 16, 'equal').map((value) => 4 * value); // it divides by 4, not 16
    expectClose(share, npy('stc16_share'), { relative: 1e-14 });
  });

  it('of 4 are the reference but for its misprint', () => {
    for (const [spread, name, input] of [
      ['largest', 'stc4', charges],
      ['equal', 'stc4_share', charges],
      ['largest', 'ties_stc4', npy('ties_in')],
    ] as const) {
      expectClose(others(superCells(input, 4, spread)), others(npy(name)), { relative: 1e-14 }, name);
    }
  });

  it('conserve charge', () => {
    const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
    for (const size of [4, 16] as const) {
      expect(sum(superCells(charges, size, 'largest'))).toBeCloseTo(sum(charges));
      expect(sum(superCells(charges, size, 'equal'))).toBeCloseTo(sum(charges));
    }
  });
});
