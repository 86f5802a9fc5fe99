import {
  calibration,
  discrimination,
  efficiencyAtFakeRate,
  fakeRateAtEfficiency,
  flattenTracks,
  generateToyTracks,
  passingCut,
  scoreAgainstPt,
  tracksOf,
} from '../index.ts';
import { expectClose } from '@hep/test-support';

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

describe('calibration', () => {
  it('finds the part of true tracks in each bin of the score', () => {
    const { predicted, observed, lower, upper, counts, error } = calibration(
      [0.01, 0.02, 0.26, 0.27, 0.28, 0.29, 1],
      [0, 0, 1, 0, 0, 0, 1],
    );
    expectClose(predicted, [0.015, 0.275, 1], { absolute: 1e-12 });
    expect([observed, counts]).toEqual([
      [0, 0.25, 1],
      [2, 4, 1],
    ]);
    expect(lower.every((low, bin) => low <= observed[bin] && observed[bin] <= upper[bin])).toBe(true);
    expect(error).toBeCloseTo((2 * 0.015 + 4 * 0.025) / 7, 12);
  });

  it('has no error for scores that are the chances themselves', () => {
    const scores = Array.from({ length: 40_000 }, (_, i) => (i % 97) / 97 + 0.001);
    const isTrue = scores.map((score, i) => Number((i * 0.618034) % 1 < score));
    expect(calibration(scores, isTrue).error).toBeLessThan(0.01);
  });
});

describe('a cut', () => {
  it('passes scores at or above it', () => {
    const judged = { ...table, isTrue: Uint8Array.from(table.isTrue), rows: table.rows };
    const { results } = discrimination(judged, table.treeScores!);
    const { fakeRate, efficiency } = passingCut(results[0].trees!, 0.5);
    const part = (kind: number) => {
      const own = Array.from(table.isTrue.keys()).filter((row) => table.isTrue[row] === kind);
      return own.filter((row) => table.treeScores![row] >= 0.5).length / own.length;
    };
    expect([fakeRate, efficiency]).toEqual([expect.closeTo(part(0), 12), expect.closeTo(part(1), 12)]);
    expect(passingCut(results[0].trees!, 2)).toEqual({ fakeRate: 0, efficiency: 0 });
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
