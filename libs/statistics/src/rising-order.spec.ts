import fc from 'fast-check';
import { risingOrder } from './index.ts';

const byComparison = (values: ArrayLike<number>) =>
  Uint32Array.from({ length: values.length }, (_, i) => i).sort(
    (a, b) => Number(values[a] > values[b]) - Number(values[a] < values[b]),
  );

const numbers = fc.oneof(
  fc.double({ noNaN: true }),
  fc.float({ noNaN: true }),
  fc.constantFrom(0, -0, 1, -1, Infinity, -Infinity, Number.MIN_VALUE, -Number.MAX_VALUE),
);

/** Many numbers from few, in another order. */
const many = (list: readonly number[]) =>
  Float64Array.from({ length: 5000 }, (_, i) => list[(i * 7) % list.length] / (1 + (i % 3)));

it('is that of a stable comparison sort, for few and for many numbers', () => {
  fc.assert(
    fc.property(fc.array(numbers, { minLength: 1, maxLength: 30 }), (list) => {
      for (const values of [list, many(list)]) {
        expect(risingOrder(values).join()).toBe(byComparison(values).join());
      }
    }),
    { numRuns: 20 },
  );
});

it('names every index once, NaN or not', () => {
  const values = Float64Array.from({ length: 6000 }, (_, i) => (i % 5 === 0 ? NaN : i % 17));
  expect(risingOrder(values).sort()).toEqual(Uint32Array.from({ length: 6000 }, (_, i) => i));
  expect(risingOrder([])).toEqual(new Uint32Array(0));
});
