import fc from 'fast-check';
import { createXXHash64 } from 'hash-wasm';
import { compressSync } from 'lz4-napi';
import { Lz4Memory } from './lz4-memory.ts';

const memory = new Lz4Memory();
const reference = await createXXHash64();

function decode(block: Uint8Array, mostBytes: number): number[] | undefined {
  memory.put(block);
  const plain = memory.decode(mostBytes);
  return plain && [...plain];
}

/** What a block means, sequence by sequence, byte by byte; undefined when it is damaged. */
function decodeSlowly(block: Uint8Array, mostBytes: number): number[] | undefined {
  const plain: number[] = [];
  let position = 0;
  const next = () => (position < block.length ? block[position++] : NaN);
  const lengthOf = (half: number) => {
    let length = half;
    for (let byte = half === 15 ? 255 : 0; byte === 255;) length += byte = next();
    return length;
  };
  for (;;) {
    const token = next();
    const literals = lengthOf(token >> 4);
    if (!(literals <= block.length - position && literals <= mostBytes - plain.length && token >= 0)) return;
    plain.push(...block.subarray(position, (position += literals)));
    if (position === block.length) return plain;
    const distance = next() + 256 * next();
    const length = 4 + lengthOf(token & 15);
    if (!(distance > 0 && distance <= plain.length && length <= mostBytes - plain.length)) return;
    for (let i = 0; i < length; i++) plain.push(plain[plain.length - distance]);
  }
}

/** Sequences as a hostile or damaged file may have them: small numbers, which lead further than random bytes. */
const anyBlock = fc
  .uint8Array({ maxLength: 60, max: 255 })
  .chain((bytes) =>
    fc.constantFrom(255, 3, 1).map((mask) => bytes.map((byte, i) => (i % 3 === 0 ? byte : byte & mask))),
  );

describe('XXH64', () => {
  it('is that of hash-wasm for every length', () => {
    const anyBytes = fc.uint8Array({ maxLength: 200, size: 'max' });
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(memory.put(bytes).toString(16).padStart(16, '0')).toBe(
          reference.init().update(bytes).digest('hex'),
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe('LZ4 blocks', () => {
  it('come back when runs repeat with any period and length', () => {
    const period = fc.uint8Array({ minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.array(fc.tuple(period, fc.nat(2000)), { maxLength: 5 }), (runs) => {
        const plain = runs.flatMap(([bytes, length]) =>
          Array.from({ length }, (_, i) => bytes[i % bytes.length]),
        );
        expect(decode(compressSync(Buffer.from(plain)).subarray(4), plain.length)).toEqual(plain);
      }),
      { numRuns: 300 },
    );
  });

  it('mean what they say, or are refused, whatever they hold', () => {
    fc.assert(
      fc.property(anyBlock, fc.nat(700), (block, mostBytes) => {
        expect(decode(block, mostBytes)).toEqual(decodeSlowly(block, mostBytes));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['nothing', []],
    ['a length without end', [0xf0, 255, 255]],
    ['literals behind the end', [0x50, 1, 2]],
    ['half a distance', [0x10, 1, 1]],
    ['a distance of zero', [0x10, 1, 0, 0, 0]],
    ['a distance before the start', [0x10, 1, 2, 0, 0]],
    ['an end behind a match', [0x10, 1, 1, 0]],
    ['more than fits', [0x1f, 1, 1, 0, 255, 255, 0, 0]],
  ])('are refused with %s', (_, block) => {
    expect(decode(Uint8Array.from(block), 500)).toBeUndefined();
  });
});
