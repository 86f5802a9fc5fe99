import { createGenerator } from '@hep/datasets/random';
import fc from 'fast-check';
import { drawRows, mixedSizes } from '../index.ts';

describe('samples of different sizes', () => {
  const present = new Map([
    ['qcd', { train: 1000, validation: 100 }],
    ['zee', { train: 200, validation: 30 }],
  ]);

  it('train with the tracks that are wanted, the others with all of theirs', () => {
    const { train, validation } = mixedSizes(present, new Map([['qcd', 500]]));
    expect([...train]).toEqual([
      ['qcd', 500],
      ['zee', 200],
    ]);
    expect([...validation]).toEqual([
      ['qcd', 50],
      ['zee', 30],
    ]);
  });

  it('validate in the same proportions without repeating a track', () => {
    const { train, validation } = mixedSizes(present, new Map([['zee', 600]]));
    expect(train.get('zee')).toBe(600);
    expect([...validation]).toEqual([
      ['qcd', 33],
      ['zee', 30],
    ]);
  });

  it('that are not there are named, with the nearest one', () => {
    expect(() => mixedSizes(present, new Map([['zea', 1]]))).toThrow(
      'sample zea: no files of it, expected one of qcd, zee; did you mean zee?',
    );
    const empty = new Map([['qcd', { train: 0, validation: 0 }]]);
    expect(() => mixedSizes(empty, new Map([['qcd', 1]]))).toThrow(
      'sample qcd: no training tracks, 1 wanted; add files of it',
    );
  });
});

it('rows are drawn in the wanted number, none twice before all are drawn once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.nat(200), fc.nat(), (size, wanted, seed) => {
      const rows = Int32Array.from({ length: size }, (_, i) => 10 * i);
      const counts = new Map<number, number>();
      for (const row of drawRows(rows, wanted, createGenerator(seed)))
        counts.set(row, (counts.get(row) ?? 0) + 1);
      const times = [...rows].map((row) => counts.get(row) ?? 0);
      expect(times.reduce((sum, count) => sum + count, 0)).toBe(wanted);
      expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(1);
    }),
  );
});
