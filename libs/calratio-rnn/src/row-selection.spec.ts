import fc from 'fast-check';
import { expectClose, goldenJson } from '@hep/test-support';
import { dataLabels, fittedRows, matchedWeights, oneHotLabels, splitRows, takeRows } from './index.ts';

type Arrays = [number[][], number[]];
interface PadSplit {
  readonly a: Arrays;
  readonly padded12: Arrays;
  readonly cut4: Arrays;
  readonly split3: Arrays[];
}
const golden = goldenJson<PadSplit>('models', 'calratio_pad_split.json');
const [table, column] = golden.a;
const flat = Float32Array.from(table.flat());

describe('rows of one sample for another', () => {
  it.each([
    [12, golden.padded12],
    [4, golden.cut4],
  ])('are mirrored or cut to %i', (length, [rows, values]) => {
    const taken = fittedRows(table.length, length);
    expectClose(takeRows(flat, 3, taken), Float32Array.from(rows.flat()), {});
    expect([...taken].map((row) => column[row])).toEqual(values);
  });

  it('are mirrored again and again', () => {
    expect([...fittedRows(2, 9)]).toEqual([0, 1, 1, 0, 0, 1, 1, 0, 0]);
    expect([...fittedRows(1, 3)]).toEqual([0, 0, 0]);
    expect(() => fittedRows(0, 3)).toThrow('sample has no rows, 3 wanted');
  });

  it('are split into consecutive pieces', () => {
    const pieces = splitRows(table.length, 3).map(({ first, end }) => column.slice(first, end));
    expect(pieces).toEqual(golden.split3.map(([, values]) => values));
  });

  it('are split evenly, whatever the numbers', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.integer({ min: 1, max: 50 }), (rows, count) => {
        const pieces = splitRows(rows, count);
        const sizes = pieces.map(({ first, end }) => end - first);
        expect(pieces).toHaveLength(count);
        expect([pieces[0].first, pieces[count - 1].end]).toEqual([0, rows]);
        expect(pieces.slice(1).every(({ first }, i) => first === pieces[i].end)).toBe(true);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('labels and weights', () => {
  it('encodes classes', () => {
    expect([...oneHotLabels([0, 2, 1])]).toEqual([1, 0, 0, 0, 0, 1, 0, 1, 0]);
    expect(() => oneHotLabels([0, 3])).toThrow('label of jet 1: 3, expected 0 (QCD), 1 (signal) or 2 (BIB)');
  });

  it('tells data from simulation in the control region', () => {
    expect([...dataLabels([0, 2])]).toEqual([0, 1]);
    expect(() => dataLabels([1])).toThrow(
      'label of control region jet 0: 1, expected 0 (simulation) or 2 (data)',
    );
  });

  it('scales simulation to data', () => {
    expect([...matchedWeights([1, 3, 1, 1], [0, 0, 2, 2], { scale: 0, to: 2 })]).toEqual([0.5, 1.5, 1, 1]);
    expect([...matchedWeights([1, 2], [2, 2], { scale: 0, to: 2 })]).toEqual([1, 2]);
  });
});
