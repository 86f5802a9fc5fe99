import fc from 'fast-check';
import { createGenerator } from '../index.ts';

const draws = <T>(count: number, draw: () => T) => Array.from({ length: count }, draw);
const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const variance = (values: number[]) => {
  const centre = mean(values);
  return mean(values.map((value) => (value - centre) ** 2));
};

describe('createGenerator', () => {
  it('follows xoshiro128**', () => {
    const generator = createGenerator(0);
    generator.restore([1, 2, 3, 4]);
    // First outputs for this state: 11520, 0, 5927040, 70819200 (reference implementation in C).
    expect(generator.uniform()).toBe((11520 >>> 5) * 2 ** 26 * 2 ** -53);
    expect(generator.uniform()).toBe(((5927040 >>> 5) * 2 ** 26 + (70819200 >>> 6)) * 2 ** -53);
  });

  it('is the same for the same seed and differs for another seed or stream', () => {
    const stream = (seed: number, number?: number) => draws(5, createGenerator(seed, number).uniform);
    expect(stream(7)).toEqual(stream(7));
    const all = [
      stream(7),
      stream(8),
      stream(7, 1),
      stream(8, 1),
      stream(7 + 2 ** 32),
      stream(1, 7),
      stream(-7),
    ];
    expect(new Set(all.flat()).size).toBe(all.flat().length);
  });

  it('goes on from a saved state', () => {
    const generator = createGenerator(3);
    draws(10, generator.normal);
    const state = generator.state();
    const wanted = draws(5, generator.normal);
    const other = createGenerator(99);
    other.restore(state);
    expect(draws(5, other.normal)).toEqual(wanted);
    other.reset(3);
    expect(other.state()).toEqual(createGenerator(3).state());
  });

  it('has the moments of its distributions', () => {
    const { uniform, normal, exponential, poisson, integer } = createGenerator(1);
    const count = 10_000;
    const cases: [() => number, number, number][] = [
      [uniform, 0.5, 1 / 12],
      [normal, 0, 1],
      [exponential, 1, 1],
      [() => poisson(3.5), 3.5, 3.5],
      [() => poisson(40), 40, 40],
      [() => poisson(0), 0, 0],
      [() => integer(6), 2.5, 35 / 12],
    ];
    for (const [draw, expectedMean, expectedVariance] of cases) {
      const values = draws(count, draw);
      const error = 5 * Math.sqrt(expectedVariance / count);
      expect(Math.abs(mean(values) - expectedMean)).toBeLessThanOrEqual(error);
      expect(Math.abs(variance(values) - expectedVariance)).toBeLessThanOrEqual(0.1 * expectedVariance);
    }
  });

  it('streams of neighbouring rows are not correlated', () => {
    const values = Array.from({ length: 8000 }, (_, row) => createGenerator(5, row).uniform());
    expect(Math.abs(mean(values) - 0.5)).toBeLessThan(0.016);
    expect(
      Math.abs(mean(values.slice(1).map((value, row) => (value - 0.5) * (values[row] - 0.5)))),
    ).toBeLessThan(0.005);
  });

  it('permutes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.integer(), (n, seed) => {
        const sorted = [...createGenerator(seed).permutation(n)].sort((a, b) => a - b);
        expect(sorted).toEqual(Array.from({ length: n }, (_, i) => i));
      }),
    );
  });
});
