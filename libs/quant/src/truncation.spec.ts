import fc from 'fast-check';
import { tf } from '@hep/graph';
import { truncate } from './index.ts';

beforeAll(() => tf.setBackend('cpu'));

const values = (bits: number, numbers: readonly number[]) => [
  ...truncate(bits)(tf.tensor1d([...numbers])).dataSync(),
];
const latent = fc.integer({ min: -256, max: 255 }).map((code) => code / 128);

describe('truncate', () => {
  it('rounds down to the bits that are left', () => {
    expect(values(3, [0, 0.24, 0.25, 0.49, 1.99, -0.01, -2])).toEqual([0, 0, 0.25, 0.25, 1.75, -0.25, -2]);
    expect(values(1, [0.99, 1, -0.01])).toEqual([0, 1, -1]);
    expect(values(3, [2, 7])).toEqual([1.75, 1.75]);
  });

  it('leaves numbers that fit, changes others by less than a step, and is idempotent', () => {
    fc.assert(
      fc.property(
        fc.array(latent, { minLength: 1, maxLength: 20 }),
        fc.constantFrom(1, 3, 5, 7, 9),
        (z, bits) => {
          const once = values(bits, z);
          const step = 2 ** (1 - bits);
          once.forEach((value, i) => {
            expect(value / step).toBe(Math.round(value / step));
            expect(value).toBeLessThanOrEqual(z[i]!);
            expect(z[i]! - value).toBeLessThan(step);
          });
          expect(values(bits, once)).toEqual(once);
        },
      ),
    );
  });

  it('passes the gradient on within the range', () => {
    const gradient = tf.grad((z) => tf.sum(tf.mul(truncate(3)(z), [1, 2, 3, 4])))(
      tf.tensor1d([-2, 0.3, 1.99, 2.5]),
    );
    expect([...gradient.dataSync()]).toEqual([1, 2, 3, 0]);
  });

  it.each([0, -1, 2.5, 25])('to %d bits is refused', (bits) => {
    expect(() => truncate(bits)).toThrow(`truncation to ${bits} bits: expected a whole number from 1 to 24`);
  });
});
