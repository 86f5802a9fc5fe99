import fc from 'fast-check';
import { expandHalves, unpackQuantised, unpackTruncated } from './packed-page.ts';

/** Integers of so many bits one behind the other, the lowest bit first, by a plain detour over text. */
function packed(values: readonly number[], bits: number): Uint8Array {
  const text = values
    .map((value) => [...value.toString(2).padStart(bits, '0')].toReversed().join(''))
    .join('');
  const bytes = text.match(/.{1,8}/g) ?? [];
  return Uint8Array.from(bytes, (byte) => Number.parseInt([...byte].toReversed().join(''), 2));
}

const anyRun = fc.integer({ min: 1, max: 31 }).chain((bits) =>
  fc.record({
    bits: fc.constant(bits),
    values: fc.array(fc.integer({ min: 0, max: 2 ** bits - 1 }), { minLength: 1, maxLength: 40 }),
    from: fc.nat(),
  }),
);

describe('elements that are no whole bytes', () => {
  it('are found at any position, truncated', () => {
    fc.assert(
      fc.property(anyRun, ({ bits, values, from }) => {
        const first = from % values.length;
        const target = new Uint8Array(4 * (values.length - first));
        unpackTruncated(packed(values, bits), bits, first, values.length, target);
        const words = [...new Uint32Array(target.buffer)];
        expect(words).toEqual(values.slice(first).map((value) => value * 2 ** (32 - bits)));
      }),
    );
  });

  it('are found at any position, quantised: the limits are exact', () => {
    fc.assert(
      fc.property(anyRun, ({ bits, values }) => {
        const all = [0, 2 ** bits - 1, ...values];
        const target = new Uint8Array(4 * all.length);
        unpackQuantised(packed(all, bits), bits, [-2, 6], 0, all.length, target);
        const numbers = new Float32Array(target.buffer);
        const expected = all.map((value) => Math.fround(-2 + (value * 8) / (2 ** bits - 1)));
        expect([numbers[0], numbers[1]]).toEqual([-2, 6]);
        numbers.forEach((number, i) => expect(Math.abs(number - expected[i])).toBeLessThan(1e-6));
      }),
    );
  });
});

describe('numbers of 16 bits', () => {
  it.each([
    [0x3c00, 1],
    [0xc500, -5],
    [0x7bff, 65504],
    [0x0400, 2 ** -14],
    [0x0001, 2 ** -24],
    [0x7c00, Infinity],
    [0xfc00, -Infinity],
    [0x7e00, NaN],
    [0x8000, -0],
  ])('%i are what IEEE 754 says', (half, expected) => {
    const target = new Uint8Array(4);
    expandHalves(new Uint8Array(Uint16Array.of(half).buffer), target);
    expect(new Float32Array(target.buffer)[0]).toBe(expected);
  });
});
