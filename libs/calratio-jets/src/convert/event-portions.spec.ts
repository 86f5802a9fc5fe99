import fc from 'fast-check';
import { eventPortions } from './event-portions.ts';

const ends = (rows: number, stretchEnds?: readonly number[]) => {
  const stretches = stretchEnds?.map((end, index) => ({ first: stretchEnds[index - 1] ?? 0, end }));
  const portions = [...eventPortions({ rows, ...(stretches === undefined ? {} : { stretches }) })];
  return portions.map(({ batches }) => batches.map(({ end }) => end));
};

describe('batches of events', () => {
  it.each([
    ['a file that does not tell', 5000, undefined, [[1667], [3333], [5000]]],
    ['few events', 10, undefined, [[10]]],
    ['no events', 0, undefined, []],
    ['stretches of a good size', 4500, [1500, 3000, 4500], [[1500], [3000], [4500]]],
    ['small stretches', 2500, [400, 800, 1200, 1600, 2000, 2400, 2500], [[1200], [2400], [2500]]],
    ['a large stretch', 6000, [5000, 6000], [[2500, 5000], [6000]]],
    ['stretches that are too large', 10_000, [9000, 10_000], [[2250, 4500], [6750, 9000], [10_000]]],
  ])('of %s', (_, rows, stretches, expected) => {
    expect(ends(rows, stretches)).toEqual(expected);
  });

  it('hold every event once, 4000 at most', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 9000 }), { maxLength: 12 });
    fc.assert(
      fc.property(lengths, (stretches) => {
        let sum = 0;
        const stretchEnds = stretches.map((length) => (sum += length));
        let reached = 0;
        for (const portion of eventPortions({
          rows: sum,
          stretches: stretchEnds.map((end, index) => ({ first: stretchEnds[index - 1] ?? 0, end })),
        })) {
          expect(portion.first).toBe(reached);
          expect(portion.end - portion.first).toBeLessThanOrEqual(8000);
          for (const { first, end } of portion.batches) {
            expect(first).toBe(reached);
            expect(end - first).toBeLessThanOrEqual(4000);
            reached = end;
          }
          expect(portion.end).toBe(reached);
        }
        expect(reached).toBe(sum);
      }),
    );
  });
});
