import fc from 'fast-check';
import { ByteCursor } from '../file/byte-cursor.ts';
import type { Packing } from './packed-number.ts';
import { packedBytes, packingOf, readPacked } from './packed-number.ts';

/** As ROOT writes a number in steps between two limits. */
function scaled(value: number, { minimum, factor }: Extract<Packing, { kind: 'scaled' }>): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(Math.min(Math.floor(0.5 + factor * (value - minimum)), 2 ** 32 - 1));
  return bytes;
}

describe('Double32_t and Float16_t', () => {
  it('come back to half a step between limits, whatever the bits', () => {
    const limits = fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 1, max: 1000 }));
    fc.assert(
      fc.property(
        limits,
        fc.integer({ min: 2, max: 32 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (range, bits, at) => {
          const [low, width] = range;
          const packing = packingOf(`pt [${low}, ${low + width}, ${bits}]`, false) as Extract<
            Packing,
            { kind: 'scaled' }
          >;
          const value = low + at * width;
          const read = readPacked(new ByteCursor(scaled(value, packing)), packing);
          expect(Math.abs(read - value)).toBeLessThanOrEqual(0.500001 * (width / (2 ** bits - 1)) + 1e-9);
        },
      ),
    );
  });

  it.each([
    ['', true, { kind: 'truncated', bits: 12 }],
    ['', false, undefined],
    ['[0,0,10] mm', false, { kind: 'truncated', bits: 10 }],
    ['[0,0,16]', false, undefined],
    ['[-pi,pi]', false, { kind: 'scaled', minimum: -Math.PI, factor: (2 ** 32 - 1) / (2 * Math.PI) }],
    ['[n][0,2*pi,8]', false, { kind: 'scaled', minimum: 0, factor: 256 / (2 * Math.PI) }],
    ['[0,twopi/1,77]', false, { kind: 'scaled', minimum: 0, factor: (2 ** 32 - 1) / (2 * Math.PI) }],
    ['[-pi/2,pi/4,4]', true, { kind: 'scaled', minimum: -Math.PI / 2, factor: 16 / ((3 * Math.PI) / 4) }],
    ['[5,1]', false, undefined],
  ])('take %j of a comment, Float16_t: %p', (comment, isFloat16, packing) => {
    expect(packingOf(comment, isFloat16)).toEqual(packing);
  });

  it('keep the sign of truncated numbers, and zero', () => {
    const packing: Packing = { kind: 'truncated', bits: 12 };
    expect(packedBytes(packing)).toBe(3);
    const read = (...bytes: number[]) => readPacked(new ByteCursor(Uint8Array.from(bytes)), packing);
    expect([read(127, 0, 0), read(128, 0x28, 0), read(0, 0, 0)]).toEqual([1, -3, 0]);
  });
});
