import { flattenTracks, generateToyTracks, tracksOf } from '../index.ts';
import { discrimination, efficiencyAtFakeRate, fakeRateAtEfficiency, scoreAgainstPt } from '../index.ts';

const { table } = tracksOf(flattenTracks('toy', 0, generateToyTracks({ tracks: 20_000, seed: 1 })));

describe('discrimination', () => {
  it('counts every track once among the iterations, and knows trees that tell something', () => {
    const { results, skipped } = discrimination(table, table.treeScores!);
    expect(skipped).toEqual([]);
    const [all, ...iterations] = results;
    expect(iterations).toHaveLength(11);
    expect(iterations.reduce((sum, { rows }) => sum + rows.length, 0)).toBe(table.rows);
    expect(all.trueTracks + all.fakes).toBe(table.rows);
    for (const { network, trees } of results) {
      expect(network.area).toBe(trees!.area);
      expect(trees!.area).toBeGreaterThan(0.6);
      expect(trees!.area).toBeLessThan(0.95);
    }
  });

  it('gives a perfect score its working points, and skips iterations of one kind with the reason', () => {
    const firstOnly = {
      ...table,
      isTrue: table.isTrue.map((kind, row) => (table.iterations[row] === 9 ? 0 : kind)),
    };
    const { results, skipped } = discrimination(firstOnly, Float32Array.from(firstOnly.isTrue));
    expect(skipped).toEqual([
      `PixelLessStep: 0 true tracks, ${table.iterations.filter((code) => code === 9).length} fakes`,
    ]);
    expect(results[0].network.area).toBe(1);
    expect(efficiencyAtFakeRate(results[0].network, 0.01)).toBe(1);
    expect(fakeRateAtEfficiency(results[0].network, 0.99)).toBe(0);
  });
});

describe('score against pT', () => {
  it('has bins that hold their upper edge, and spreads of the tracks themselves', () => {
    const { counts, means, spreads } = scoreAgainstPt(
      [-1, 0, 5, 5.1, 10, 7, 500, 500.1, NaN],
      [0.1, 0.2, 0.6, 1, 1, 0.4, 1, 1, 1],
    );
    expect([counts[0], counts[1], counts[99]]).toEqual([3, 3, 1]);
    expect(counts.reduce((sum, count) => sum + count)).toBe(7);
    expect([means[0], means[1]]).toEqual([0.3, expect.closeTo(0.8, 12)]);
    expect(spreads[1]).toBeCloseTo(Math.sqrt(0.08), 12);
    expect([means[99], spreads[99]]).toEqual([NaN, NaN]);
  });
});
