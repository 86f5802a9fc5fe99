import fc from 'fast-check';
import { kolmogorovProbability, weightedKolmogorovSmirnov } from './index.ts';
import type { WeightedSample } from './index.ts';
import { goldenWeighted } from './testing/golden-weighted.ts';

const number = fc.integer({ min: -20, max: 20 });
const sample = fc
  .array(fc.tuple(number, fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 30 })
  .map((pairs): Required<WeightedSample> => ({
    values: pairs.map(([value]) => value),
    weights: pairs.map(([, weight]) => weight),
  }));

const distance = (a: WeightedSample, b: WeightedSample) => weightedKolmogorovSmirnov(a, b).distance;

/** The definition, point by point. */
function distanceByDefinition(a: Required<WeightedSample>, b: Required<WeightedSample>): number {
  const share = ({ values, weights }: Required<WeightedSample>, x: number) => {
    const all = Array.from(weights);
    const below = all.filter((_, i) => values[i] <= x);
    return below.reduce((sum, w) => sum + w, 0) / all.reduce((sum, w) => sum + w, 0);
  };
  const points = [...Array.from(a.values), ...Array.from(b.values)];
  return Math.max(...points.map((x) => Math.abs(share(a, x) - share(b, x))));
}

describe('weighted Kolmogorov-Smirnov distance', () => {
  it('is the largest difference of the cumulative distributions', () => {
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        expect(distance(a, b)).toBeCloseTo(distanceByDefinition(a, b), 12);
        expect(distance(b, a)).toBeCloseTo(distance(a, b), 12);
      }),
    );
  });

  it('does not see the scale of the weights, the order of the rows or a rising change of the values', () => {
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const changed = {
          values: Array.from(a.values, (x) => x ** 3 + 1).reverse(),
          weights: Array.from(a.weights, (w) => 7 * w).reverse(),
        };
        const other = { values: Array.from(b.values, (x) => x ** 3 + 1), weights: b.weights };
        expect(distance(changed, other)).toBeCloseTo(distance(a, b), 12);
      }),
    );
  });

  it('takes a weight as that many rows, 0 for the same and 1 for separate samples', () => {
    const few = { values: [1, 2], weights: [3, 1] };
    expect(distance(few, { values: [1, 1, 1, 2] })).toBe(0);
    expect(distance({ values: [1, 2] }, { values: [3, 4] })).toBe(1);
    expect(distance({ values: [1, 2, 3, 4] }, { values: [3, 4, 5, 6] })).toBe(0.5);
  });

  it('knows how many unweighted rows the weights are worth', () => {
    const { effectiveCounts, critical } = weightedKolmogorovSmirnov(
      { values: [1, 2, 3, 4], weights: [5, 5, 5, 5] },
      { values: [1, 2, 3], weights: [1, 0, 0] },
    );
    expect(effectiveCounts).toEqual([4, 1]);
    expect(critical).toBeCloseTo(1.36 * Math.sqrt(5 / 4), 12);
  });

  it('knows how far samples of one distribution are apart in the mean', () => {
    let state = 7;
    const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
    const uniform = (count: number) => ({ values: Array.from({ length: count }, random) });
    let [total, expected] = [0, 0];
    for (let trial = 0; trial < 200; trial++) {
      const test = weightedKolmogorovSmirnov(uniform(300), uniform(500));
      total += test.distance / 200;
      expected = test.byChance;
    }
    expect(total / expected).toBeGreaterThan(0.9);
    expect(total / expected).toBeLessThan(1.1);
  });

  it('is not a number without weight or with a value that is none', () => {
    const good = { values: [1, 2] };
    expect(distance(good, { values: [] })).toBeNaN();
    expect(distance({ values: [1], weights: [0] }, good)).toBeNaN();
    expect(distance(good, { values: [NaN, 1] })).toBeNaN();
    expect(() => distance(good, { values: [1, 2], weights: [1] })).toThrow('2 values with 1 weights');
  });
});

describe('probability of a Kolmogorov-Smirnov distance', () => {
  it("is SciPy's kstwobign", () => {
    const { x, p } = goldenWeighted.kolmogorov;
    const probabilities = x.map((scaled) =>
      kolmogorovProbability({ distance: scaled / 5, effectiveCounts: [50, 50] }),
    );
    probabilities.forEach((probability, i) => expect(probability).toBeCloseTo(p[i], 12));
  });

  it('is 5 % at the critical distance', () => {
    const { critical, effectiveCounts } = weightedKolmogorovSmirnov({ values: [1, 2] }, { values: [3] });
    expect(kolmogorovProbability({ distance: critical, effectiveCounts })).toBeCloseTo(0.05, 2);
  });

  it('is not a number for samples without entries', () => {
    expect(kolmogorovProbability({ distance: NaN, effectiveCounts: [5, 5] })).toBeNaN();
    expect(kolmogorovProbability({ distance: 0.1, effectiveCounts: [0, 0] })).toBeNaN();
  });
});
