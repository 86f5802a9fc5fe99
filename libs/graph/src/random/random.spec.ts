import { expectClose } from '@hep/test-support';
import fc from 'fast-check';
import { fillMask, MaskMemory } from './random.ts';

describe('fillMask', () => {
  it('zeroes the given fraction, keeps the mean, and does not depend on where a block begins', () => {
    const whole = new Float32Array(100_001);
    fillMask(whole, 0.2, 5, 9);
    expectClose([whole.reduce((a, b) => a + b) / whole.length], [1], { absolute: 0.01 });
    expect(new Set(whole)).toEqual(new Set([0, Math.fround(1.25)]));
    for (const first of [1, 2, 777]) {
      const block = new Float32Array(50);
      fillMask(block, 0.2, 5, 9, first);
      expect([...block]).toEqual([...whole.subarray(first, first + 50)]);
    }
  });
});

describe('MaskMemory', () => {
  it('gives the numbers of fillMask', () => {
    const size = fc.integer({ min: 0, max: 70 });
    const any = fc.record({
      sizes: fc.array(size, { minLength: 1, maxLength: 4 }),
      rate: fc.oneof(fc.constant(0.2), fc.double({ min: 0, max: 0.99999999, noNaN: true })),
      seed: fc.integer(),
      stream: fc.nat(),
      first: fc.nat(2 ** 30),
    });
    fc.assert(
      fc.property(any, ({ sizes, rate, seed, stream, first }) => {
        const memory = new MaskMemory(sizes);
        memory.masks.forEach((mask, i) => memory.fill(mask, rate, seed, stream + i, first));
        const expected = sizes.map((length, i) => {
          const mask = new Float32Array(length);
          fillMask(mask, rate, seed, stream + i, first);
          return mask;
        });
        expect(memory.masks).toEqual(expected);
      }),
    );
  });
});
