import fc from 'fast-check';
import { splitJets } from './index.ts';
import type { JetSplit } from './index.ts';

const all = ({ train, validation, test }: JetSplit) => [...train, ...validation, ...test];

describe('the split of a table', () => {
  it('has 90, 5 and 5 % of the rows in random order', () => {
    const { train, validation, test } = splitJets(1000, { fraction: 1, seed: 3, stream: 0 });
    expect([train.length, validation.length, test.length]).toEqual([900, 50, 50]);
    expect([...train.slice(0, 5)]).not.toEqual([0, 1, 2, 3, 4]);
    const half = splitJets(1001, { fraction: 0.5, seed: 3, stream: 0 });
    expect([half.train.length, half.validation.length, half.test.length]).toEqual([450, 26, 25]);
  });

  it('depends on the seed and the stream alone', () => {
    const rows = (seed: number, stream: number) => all(splitJets(50, { fraction: 1, seed, stream })).join();
    expect(rows(1, 0)).toBe(rows(1, 0));
    expect(new Set([rows(1, 0), rows(2, 0), rows(1, 1)]).size).toBe(3);
  });

  it('uses every row at most once and keeps events together', () => {
    const tables = fc.array(fc.nat(20), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(tables, fc.double({ min: 0.1, max: 1, noNaN: true }), (numbers, fraction) => {
        const split = splitJets(numbers.length, {
          events: Int32Array.from(numbers),
          fraction,
          seed: 1,
          stream: 0,
        });
        const rows = all(split);
        expect(new Set(rows).size).toBe(rows.length);
        expect(rows.length).toBeGreaterThanOrEqual(Math.round(fraction * numbers.length));
        if (fraction === 1) expect(rows.length).toBe(numbers.length);
        const events = Object.values(split).map(
          (part: Int32Array) => new Set([...part].map((row) => numbers[row])),
        );
        const shared = events.flatMap((set) => [...set]);
        expect(new Set(shared).size).toBe(shared.length);
      }),
    );
  });
});
