import fc from 'fast-check';
import {
  autoRange,
  binCentres,
  binEdges,
  binIndices,
  effectiveRms,
  histogram,
  mean,
  median,
  profile,
  quantiles,
  squareHistogram,
  standardDeviation,
} from './index.ts';

const sample = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 40 });

describe('quantiles', () => {
  it('interpolate linearly like numpy.quantile', () => {
    const q = quantiles([3, 1, 4, 1, 5, 9, 2, 6], [0, 0.16, 0.25, 0.5, 0.84, 1]);
    expect([...q].map((value) => Number(value.toFixed(12)))).toEqual([1, 1.12, 1.75, 3.5, 5.88, 9]);
    expect(median([2, 7])).toBe(4.5);
    expect(quantiles([42], [0, 0.3, 1])).toEqual(Float64Array.of(42, 42, 42));
  });

  it('rise with the probability and stay within the values', () => {
    fc.assert(
      fc.property(
        sample,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2 }),
        (values, p) => {
          const q = quantiles(
            values,
            p.sort((a, b) => a - b),
          );
          for (let i = 1; i < q.length; i++) expect(q[i]).toBeGreaterThanOrEqual(q[i - 1]);
          expect(q[0]).toBeGreaterThanOrEqual(Math.min(...values));
          expect(q[q.length - 1]).toBeLessThanOrEqual(Math.max(...values));
        },
      ),
    );
  });

  it('are NaN without values and beside a NaN, and refuse a wrong probability', () => {
    expect([median([]), median([1, NaN, 2])]).toEqual([NaN, NaN]);
    expect(() => quantiles([1], [1.1])).toThrow('probability 1.1: expected 0 to 1');
  });
});

describe('moments', () => {
  it('are those of the population', () => {
    expect(mean([1, 2, 3, 6])).toBe(3);
    expect(standardDeviation([1, 2, 3, 6])).toBeCloseTo(Math.sqrt(3.5), 15);
    expect([mean([]), standardDeviation([])]).toEqual([NaN, NaN]);
  });
});

describe('effectiveRms', () => {
  it('is half the shortest interval with 68 %', () => {
    expect(effectiveRms([0, 1, 2, 3, 4, 5, 6, 7, 8, 1000])).toBe(3);
    expect(effectiveRms([5])).toBe(0);
    const hundred = Array.from({ length: 100 }, (_, k) => k);
    for (const fraction of [0.07, 0.28, 0.29, 0.57, 0.68]) {
      expect(effectiveRms(hundred, fraction)).toBeCloseTo((100 * fraction - 1) / 2, 10);
    }
    expect(effectiveRms([0, 10], 1)).toBe(5);
    expect(effectiveRms([])).toBeNaN();
    expect(() => effectiveRms([1], 0)).toThrow('fraction 0: expected 0 to 1');
  });

  it('approaches the standard deviation of a normal distribution', () => {
    const points = Array.from({ length: 20001 }, (_, k) => (k - 10000) / 2000);
    const normal = points.flatMap((z) =>
      Array.from({ length: Math.round(30 * Math.exp((-z * z) / 2)) }, () => z),
    );
    expect(effectiveRms(normal)).toBeCloseTo(0.9945, 2);
  });

  it('does not see where the values lie', () => {
    fc.assert(
      fc.property(sample, fc.integer({ min: -100, max: 100 }), (values, shift) => {
        expect(effectiveRms(values.map((value) => value + shift))).toBeCloseTo(effectiveRms(values), 8);
      }),
    );
  });
});

describe('histogram', () => {
  it('puts an edge into the bin on its right, the last edge into the last bin', () => {
    const { edges, counts } = histogram([0, 0.5, 1, 2, 3, 3.001, -0.001, NaN], { bins: 3, min: 0, max: 3 });
    expect([...edges]).toEqual([0, 1, 2, 3]);
    expect([...counts]).toEqual([2, 1, 2]);
  });

  it('finds the bin between whose edges a value lies, whatever the rounding', () => {
    const limits = fc.tuple(
      fc.double({ min: -50, max: 0, noNaN: true }),
      fc.double({ min: 0.01, max: 50, noNaN: true }),
    );
    fc.assert(
      fc.property(
        limits,
        fc.integer({ min: 1, max: 30 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        ([min, max], bins, t) => {
          const value = Math.min(max, min + t * (max - min));
          const { edges, counts } = histogram([value], { bins, min, max });
          const bin = counts.indexOf(1);
          expect(edges[bin]).toBeLessThanOrEqual(value);
          if (bin < bins - 1) expect(edges[bin + 1]).toBeGreaterThan(value);
          for (const [k, edge] of edges.slice(0, bins).entries())
            expect(binIndices([edge], { bins, min, max })[0]).toBe(k);
        },
      ),
    );
  });

  it('adds weights', () => {
    expect([...histogram([0.2, 0.3, 0.9], { bins: 2, min: 0, max: 1 }, [2, 3, -1]).counts]).toEqual([5, -1]);
    expect(() => histogram([1], { bins: 2, min: 0, max: 1 }, [])).toThrow(
      '0 weights for 1 values; expected as many',
    );
  });

  it('refuses a binning without bins or width', () => {
    expect(() => histogram([], { bins: 0, min: 0, max: 1 })).toThrow(
      '0 bins: expected an integer of 1 or more',
    );
    expect(() => histogram([], { bins: 1, min: 1, max: 1 })).toThrow(
      'bin range 1 to 1: expected finite limits',
    );
  });

  it('finds a range by itself', () => {
    expect(autoRange([3, NaN, -1, Infinity])).toEqual({ min: -1, max: 3 });
    expect(autoRange([2, 2])).toEqual({ min: 1.5, max: 2.5 });
    expect(autoRange([])).toEqual({ min: 0, max: 1 });
  });

  it.each([0, -7, 1e9, -1e17, 1e300])('finds a range with bins that differ around %d alone', (value) => {
    const edges = binEdges({ bins: 100, ...autoRange([value, value]) });
    expect(new Set(edges).size).toBe(101);
    expect(edges[0] < value && value < edges[100]).toBe(true);
  });
});

describe('profile', () => {
  it('has the median and the distances to the 0.16 and 0.84 quantiles, 0 in empty bins', () => {
    const binning = { bins: 3, min: 0, max: 3 };
    const result = profile([0, 0.1, 0.2, 0.3, 2.5, 3, 9], [10, 0, 20, 30, 7, 9, 100], binning);
    expect([...binCentres(binning)]).toEqual([...result.centres]);
    expect([...result.counts]).toEqual([4, 0, 2]);
    expect([...result.median]).toEqual([15, 0, 8]);
    const rounded = (values: Float64Array) => [...values].map((value) => Number(value.toFixed(12)));
    expect(rounded(result.lowerError)).toEqual([10.2, 0, 0.68]);
    expect(rounded(result.upperError)).toEqual([10.2, 0, 0.68]);
  });

  it('needs as many x as y', () => {
    expect(() => profile([1], [], { bins: 1, min: 0, max: 1 })).toThrow(
      '0 y values over 1 x values; expected as many',
    );
  });
});

it('squareHistogram counts pairs that lie inside on both axes, y along the rows', () => {
  const binning = { bins: 2, min: 0, max: 2 };
  const { edges, counts } = squareHistogram([0.5, 0.5, 1.5, 2, 3, 1], [1.5, 1.5, 0.5, 2, 1, -1], binning);
  expect([...edges]).toEqual([0, 1, 2]);
  expect([...counts]).toEqual([0, 1, 2, 1]);
  expect(() => squareHistogram([1], [], binning)).toThrow('0 y for 1 x; expected as many');
});
