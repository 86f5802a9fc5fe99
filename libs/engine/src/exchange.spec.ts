import fc from 'fast-check';
import { Barrier } from './barrier.ts';
import { Exchange, shareOf } from './exchange.ts';

const CAPACITY = 6;

it('averages weigh replicas by their rows, in float32 and in order; one without rows does not count', () => {
  const numbers = fc.array(fc.float({ noNaN: true, min: -1e6, max: 1e6 }), {
    minLength: CAPACITY,
    maxLength: CAPACITY,
  });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.array(numbers, { minLength: 1, maxLength: 4 }),
      (rows, given) => {
        const replicas = given.length;
        const own = given.map((values, index) => {
          const { first, end } = shareOf(rows, index, replicas);
          return Float32Array.from(values, (value) => (end > first ? value : Number.NaN));
        });
        const shared = {
          barrier: Barrier.create(),
          slots: new SharedArrayBuffer(2 * replicas * CAPACITY * 4),
        };
        // The others have written theirs, and wait.
        own.forEach((values, index) =>
          new Float32Array(shared.slots, 4 * index * CAPACITY, CAPACITY).set(values),
        );
        const vectors = new SharedArrayBuffer(0);
        const exchange = new Exchange({ ...shared, vectors, replica: 0, replicas, capacity: CAPACITY });
        for (let other = 1; other < replicas; other++) new Barrier(shared.barrier, replicas).arrive();
        const result = new Float32Array(4);
        exchange.average(
          own[0]!,
          rows,
          [
            { first: 0, end: 1 },
            { first: 3, end: 6 },
          ],
          result,
        );
        const expected = [0, 3, 4, 5].map((k) =>
          own.reduce((sum, values, index) => {
            const { first, end } = shareOf(rows, index, replicas);
            return end > first ? Math.fround(sum + Math.fround(values[k]! * ((end - first) / rows))) : sum;
          }, 0),
        );
        expect([...result].map((value) => value + 0)).toEqual(expected.map((value) => value + 0));
      },
    ),
  );
});
