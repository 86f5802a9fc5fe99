import fc from 'fast-check';
import { efficiency, efficiencyAbove, effectiveEntries } from './index.ts';
import { goldenWeighted } from './testing/golden-weighted.ts';

const passing = (passed: number, total: number) => Array.from({ length: total }, (_, i) => +(i < passed));

describe('efficiency', () => {
  it("has SciPy's Wilson interval", () => {
    const { wilson } = goldenWeighted;
    const intervals = [passing(0, 5), passing(3, 7), passing(20, 20)].map((passes) => efficiency(passes));
    intervals.forEach(({ lower, upper }, i) => {
      expect(lower).toBeCloseTo(wilson[i][0], 12);
      expect(upper).toBeCloseTo(wilson[i][1], 12);
    });
    expect(intervals.map(({ value }) => value)).toEqual([0, 3 / 7, 1]);
  });

  it('takes equal weights as no weights, whatever their scale', () => {
    const { value, lower, upper, effectiveEntries: entries } = efficiency([1, 0, 1, 1], [0.3, 0.3, 0.3, 0.3]);
    const plain = efficiency([1, 0, 1, 1]);
    [value, lower, upper, entries].forEach((number, i) =>
      expect(number).toBeCloseTo([plain.value, plain.lower, plain.upper, 4][i], 12),
    );
  });

  it('is a ratio of sums of weights within its interval, wider than without weights', () => {
    const entry = fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 1, max: 50 }));
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1 }), (list) => {
        const [passes, weights] = [list.map(([pass]) => pass), list.map(([, weight]) => weight)];
        const result = efficiency(passes, weights);
        const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
        expect(result.value).toBeCloseTo(sum(weights.map((w, i) => w * passes[i])) / sum(weights), 12);
        expect(result.lower).toBeLessThanOrEqual(result.value + 1e-12);
        expect(result.upper).toBeGreaterThanOrEqual(result.value - 1e-12);
        expect(result.effectiveEntries).toBeLessThanOrEqual(list.length + 1e-9);
      }),
    );
  });

  it('at 0 and 1 ends there exactly', () => {
    for (let entries = 1; entries < 200; entries++) {
      expect(efficiency(passing(0, entries)).lower).toBe(0);
      expect(efficiency(passing(entries, entries)).upper).toBe(1);
    }
  });

  it('above a threshold counts the threshold itself', () => {
    expect(efficiencyAbove([1, 2, 3], 2, [1, 2, 5]).value).toBe(7 / 8);
  });

  it('is not a number without entries, and refuses weights that are none', () => {
    expect(efficiency([])).toMatchObject({ value: NaN, effectiveEntries: 0 });
    expect(() => efficiency([1, 0], [1, NaN])).toThrow('weight 1 is NaN: expected a number');
  });
});

describe('effectiveEntries', () => {
  it('is the number of entries for equal weights, less for others, 0 for none', () => {
    expect(effectiveEntries([2, 2, 2])).toBe(3);
    expect(effectiveEntries([1, 3])).toBe(1.6);
    expect([effectiveEntries([]), effectiveEntries([0, 0])]).toEqual([0, 0]);
  });
});
