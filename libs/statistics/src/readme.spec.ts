import { areaUnderRoc, efficiencyAbove, profile, quantiles, rocCurve } from './index.ts';

it('computes what the README shows', () => {
  expect([...quantiles([3, 1, 4, 1, 5, 9, 2, 6], [0.16, 0.5, 0.84])].map((q) => q.toFixed(2))).toEqual([
    '1.12',
    '3.50',
    '5.88',
  ]);
  expect(profile([0, 0.1, 0.2, 0.3], [10, 0, 20, 30], { bins: 1, min: 0, max: 1 }).median).toEqual(
    Float64Array.of(15),
  );
  const curve = rocCurve([0.9, 0.6, 0.6, 0.1], [1, 1, 0, 0], { weights: [1, 3, 1, 1] });
  expect(areaUnderRoc(curve)).toBe(0.8125);
  const { value, lower, upper } = efficiencyAbove([0.9, 0.6, 0.1], 0.5, [1, 1, 2]);
  expect([value, lower.toFixed(1), upper.toFixed(1)]).toEqual([0.5, '0.2', '0.8']);
});
