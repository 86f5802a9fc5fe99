import { significanceScan } from './index.ts';

describe('significanceScan', () => {
  const signal = { values: [0.2, 0.6, 0.9, 0.9] };
  const background = { values: [0.1, 0.3, 0.5, 0.7], weights: [20, 30, 7, 9] };

  it('is S over the root of B at each cut', () => {
    const scan = significanceScan(signal, background, [0.6, 0, 0.4], 5);
    expect([...scan.thresholds]).toEqual([0, 0.4, 0.6]);
    // a score equal to the cut does not pass
    expect([...scan.significance]).toEqual([4 / Math.sqrt(66), 3 / 4, 2 / 3]);
    expect(scan.area).toBeCloseTo(0.2 * (4 / Math.sqrt(66) + 0.75) + 0.1 * (0.75 + 2 / 3), 14);
    expect(scan.best).toEqual({ threshold: 0.4, significance: 0.75 });
  });

  it('ends before the first cut with too little background', () => {
    const scan = significanceScan(signal, background, [0, 0.4, 0.6]);
    expect([...scan.thresholds]).toEqual([0, 0.4]);
  });

  it('is empty without background', () => {
    const scan = significanceScan(signal, { values: [] }, [0, 0.4]);
    expect([scan.thresholds.length, scan.area]).toEqual([0, 0]);
    expect(scan.best).toEqual({ threshold: NaN, significance: NaN });
  });

  it('takes as many cuts as there are scores of a large sample', () => {
    const cuts = Float64Array.from({ length: 300_000 }, (_, k) => k / 300_000);
    expect(significanceScan(signal, background, cuts, 5).best.significance).toBe(1);
  });

  it('refuses what is no number', () => {
    expect(() => significanceScan({ values: [NaN] }, background, [0])).toThrow('score 0 is NaN');
  });
});
