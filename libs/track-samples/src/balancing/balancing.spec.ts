import { createGenerator } from '@hep/datasets/random';
import { PHASE1_ITERATIONS } from '@hep/track-dnn/variables';
import fc from 'fast-check';
import { balanceIterations, balanceTrueAndFake, partOf, splitTracks } from '../index.ts';

const CODES = PHASE1_ITERATIONS.map(({ code }) => code);
const all = (rows: number) => Int32Array.from({ length: rows }, (_, row) => row);
const generator = () => createGenerator(7);
const occurrences = (rows: Int32Array) => {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(row, (counts.get(row) ?? 0) + 1);
  return counts;
};

describe('balancing of iterations', () => {
  /** 3 tracks of the first iteration, 4 of the second, ... */
  const iterations = Uint8Array.from(CODES.flatMap((code, i) => Array<number>(3 + i).fill(code)));

  it('draws as many of each as the rarest has, none twice', () => {
    const drawn = balanceIterations({ iterations }, all(iterations.length), generator(), 'error');
    expect(drawn).toHaveLength(33);
    expect(new Set(drawn).size).toBe(33);
    for (const code of CODES) expect(drawn.filter((row) => iterations[row] === code)).toHaveLength(3);
    expect([...drawn]).not.toEqual([...drawn].sort((a, b) => a - b));
  });

  it('draws from the given rows alone', () => {
    const rows = all(iterations.length).filter((row) => row % 2 === 0);
    const drawn = balanceIterations({ iterations }, rows, generator(), 'error');
    expect(drawn.every((row) => row % 2 === 0)).toBe(true);
  });

  it('names absent iterations, or leaves them out and loses no other', () => {
    const rows = all(iterations.length).filter((row) => iterations[row] !== 6 && iterations[row] !== 11);
    expect(() => balanceIterations({ iterations }, rows, generator(), 'error')).toThrow(
      'balancing: no tracks of PixelPairStep, JetCoreRegionalStep; add files that have them, or leave them out with --absent-iterations ignore',
    );
    const drawn = balanceIterations({ iterations }, rows, generator(), 'ignore');
    expect(drawn).toHaveLength(27);
    expect(() => balanceIterations({ iterations }, new Int32Array(0), generator(), 'ignore')).toThrow(
      'no tracks',
    );
  });
});

describe('balancing of true tracks and fakes', () => {
  it('keeps all, and adds copies of the rarer kind alone', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 2, maxLength: 40 }),
        fc.nat(),
        (kinds, seed) => {
          const isTrue = Uint8Array.from([0, 1, ...kinds]);
          const drawn = balanceTrueAndFake({ isTrue }, all(isTrue.length), createGenerator(seed));
          const trueTracks = isTrue.filter((kind) => kind === 1).length;
          const larger = Math.max(trueTracks, isTrue.length - trueTracks);
          expect(drawn.filter((row) => isTrue[row] === 1)).toHaveLength(larger);
          expect(drawn.filter((row) => isTrue[row] === 0)).toHaveLength(larger);
          const counts = occurrences(drawn);
          expect(counts.size).toBe(isTrue.length);
          const rarer = 2 * trueTracks < isTrue.length ? 1 : 0;
          for (const [row, count] of counts) if (count > 1) expect(isTrue[row]).toBe(rarer);
        },
      ),
    );
  });

  it('is not possible with one kind', () => {
    expect(() => balanceTrueAndFake({ isTrue: Uint8Array.of(1, 1) }, all(2), generator())).toThrow(
      'balancing: all 2 tracks are true tracks; expected true and fake ones',
    );
  });
});

describe('the split', () => {
  const fractions = { validation: 0.1, test: 0.2 };

  it('puts all tracks and copies of an event on one side, whatever else there is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(2 ** 32 - 1), { minLength: 200, maxLength: 300 }),
        fc.nat(),
        (events, seed) => {
          const groups = Uint32Array.from([...events, ...events.slice(0, 50), ...events.slice(20, 60)]);
          const { train, validation, test } = splitTracks(groups, seed, fractions);
          const sides = [train, validation, test].map((rows) => new Set(rows.map((row) => groups[row])));
          expect(train.length + validation.length + test.length).toBe(groups.length);
          for (const [a, b] of [
            [0, 1],
            [0, 2],
            [1, 2],
          ])
            expect([...sides[a]].filter((group) => sides[b].has(group))).toEqual([]);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('has the fractions on average, and another order of events for another seed', () => {
    const parts = (seed: number) => Array.from({ length: 20_000 }, (_, i) => partOf(i, seed, fractions));
    const [first, second] = [parts(1), parts(2)];
    const share = (list: string[], part: string) => list.filter((name) => name === part).length / 20_000;
    expect(share(first, 'validation')).toBeCloseTo(0.1, 2);
    expect(share(first, 'test')).toBeCloseTo(0.2, 2);
    const both = first.filter((part, i) => part === 'test' && second[i] === 'test').length / 20_000;
    expect(both).toBeCloseTo(0.04, 2);
  });

  it('says which part is empty', () => {
    expect(() => splitTracks(Uint32Array.of(5, 5, 5), 1, fractions)).toThrow(/split: no track of 3 for \w+;/);
  });
});
