import fc from 'fast-check';
import { eventBatches } from './event-batches.ts';

const ends = (rows: number, stretchEnds?: readonly number[]) => {
  const stretches = stretchEnds?.map((end, index) => ({ first: stretchEnds[index - 1] ?? 0, end }));
  return [...eventBatches({ rows, ...(stretches === undefined ? {} : { stretches }) })].map(({ end }) => end);
};

describe('batches of events', () => {
  it.each([
    ['a file that does not tell', 5000, undefined, [1667, 3333, 5000]],
    ['few events', 10, undefined, [10]],
    ['no events', 0, undefined, []],
    ['stretches of a good size', 4500, [1500, 3000, 4500], [1500, 3000, 4500]],
    ['small stretches', 2500, [400, 800, 1200, 1600, 2000, 2400, 2500], [1200, 2400, 2500]],
    ['large stretches', 10_000, [9000, 10_000], [3000, 6000, 9000, 10_000]],
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
        for (const { first, end } of eventBatches({
          rows: sum,
          stretches: stretchEnds.map((end, index) => ({ first: stretchEnds[index - 1] ?? 0, end })),
        })) {
          expect(first).toBe(reached);
          expect(end - first).toBeLessThanOrEqual(4000);
          reached = end;
        }
        expect(reached).toBe(sum);
      }),
    );
  });
});
