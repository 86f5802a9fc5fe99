import { tf } from '@hep/graph';
import fc from 'fast-check';
import type { QuantiserSettings } from './config.ts';
import { quantiser } from './quantiser.ts';
import { anyFixedSettings, anySettings } from './testing/any-quantiser.ts';

beforeAll(() => tf.setBackend('cpu'));

const numbers = fc.array(fc.float({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 12 });

/** Quantised numbers, as one channel of a kernel. */
function quantise(settings: QuantiserSettings, values: ArrayLike<number>): Float32Array {
  const { apply } = quantiser(settings);
  const shape: [number, number] = [values.length, 1];
  return tf.tidy(() => Float32Array.from(apply(tf.tensor2d(Float32Array.from(values), shape)).dataSync()));
}

describe('quantisers', () => {
  it('give values of their range', () => {
    fc.assert(
      fc.property(anyFixedSettings, numbers, (settings, values) => {
        const range = new Set(Float32Array.from(quantiser(settings).range()!));
        for (const value of quantise(settings, values)) expect(range).toContain(value + 0);
      }),
    );
  });

  it('list their range in ascending order, without repetition', () => {
    fc.assert(
      fc.property(anyFixedSettings, (settings) => {
        const range = quantiser(settings).range()!;
        expect(range.every((value, i) => i === 0 || value > range[i - 1])).toBe(true);
      }),
    );
  });

  it('keep fixed point numbers of their grid', () => {
    const isIdentity = (settings: QuantiserSettings) =>
      (settings.kind === 'quantized_bits' && (settings.alpha ?? 1) === 1) ||
      settings.kind === 'quantized_relu';
    fc.assert(
      fc.property(anyFixedSettings.filter(isIdentity), numbers, (settings, values) => {
        const once = quantise(settings, values);
        expect(quantise(settings, once)).toEqual(once);
        const range = quantiser(settings).range()!;
        expect(quantise(settings, range)).toEqual(Float32Array.from(range));
      }),
    );
  });

  it('keep powers of two', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 6 }), numbers, (bits, values) => {
        const once = quantise({ kind: 'quantized_po2', bits }, values);
        expect(quantise({ kind: 'quantized_po2', bits }, once)).toEqual(once);
      }),
    );
  });

  it('never decrease, unless the scale is measured', () => {
    fc.assert(
      fc.property(anyFixedSettings, numbers, (settings, values) => {
        const sorted = Float32Array.from(values).sort();
        const results = quantise(settings, sorted);
        expect(results.every((value, i) => i === 0 || value >= results[i - 1])).toBe(true);
      }),
    );
  });

  it('give finite numbers and gradients', () => {
    fc.assert(
      fc.property(anySettings, numbers, (settings, values) => {
        const gradient = tf.tidy(() =>
          tf
            .grad((x) => tf.sum(quantiser(settings).apply(x)))(tf.tensor2d(values, [values.length, 1]))
            .dataSync(),
        );
        expect([...quantise(settings, values), ...gradient].every(Number.isFinite)).toBe(true);
      }),
    );
  });

  it('round halves to even', () => {
    const halves = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5];
    expect([...quantise({ kind: 'quantized_bits', bits: 4, integer: 3 }, halves)].map((v) => v + 0)).toEqual([
      -2, -2, 0, 0, 2, 2,
    ]);
  });
});
