import { expectClose, goldenNpy } from '@hep/test-support';
import { waferMetric, withoutEmpty } from './index.ts';

const npy = (file: string) => goldenNpy('losses', file).values;
const x = npy('met_x.npy');
const y = npy('met_y.npy');

describe('waferMetric', () => {
  // Differences of nearly equal widths keep only the absolute accuracy of the widths.
  it.each([
    ['dMean', 'met_d_weighted_mean.npy', 1e-14],
    ['dRMS', 'met_d_abs_weighted_rms.npy', 1e-15],
    ['signedDRMS', 'met_d_weighted_rms.npy', 1e-15],
    ['SSD', 'met_ssd.npy', 0],
    ['crossCorrelation', 'met_cross_corr.npy', 0],
    ['zeroFraction', 'met_zero_frac.npy', 0],
  ] as const)('%s agrees with the reference, sentinels included', (metric, file, absolute) => {
    expectClose(waferMetric(metric, x, y), npy(file), { relative: 1e-10, absolute });
  });

  it('has the values of patterns that can be written down', () => {
    const pattern = (value: (k: number) => number) => Float64Array.from({ length: 48 }, (_, k) => value(k));
    const ramp = pattern((k) => k);
    const reversed = pattern((k) => 47 - k);
    const squares = pattern((k) => k * k);
    const ones = pattern(() => 1);
    const cases = [
      ['SSD', ramp, reversed, 1.0315789473684212],
      ['dMean', ramp, reversed, 3.1528929073930136],
      ['dRMS', ramp, reversed, 0.019456662747803694],
      ['crossCorrelation', ramp, reversed, -1],
      ['SSD', squares, ones, 1002.0891659151483],
      ['dMean', squares, ones, 2.460005364338736],
      ['dRMS', squares, ones, 0.02778786703995273],
      ['crossCorrelation', squares, pattern(() => 0.1), 0],
    ] as const;
    for (const [metric, a, b, value] of cases)
      expectClose(waferMetric(metric, a, b), [value], { relative: 1e-12 }, metric);
  });

  it('refuses unequal batches', () => {
    expect(() => waferMetric('SSD', new Float32Array(48), new Float32Array(96))).toThrow(
      'patterns of 48 and 96 numbers; expected the same multiple of 48',
    );
  });
});

describe('withoutEmpty', () => {
  it('drops and counts the values of empty patterns', () => {
    const dMean = waferMetric('dMean', x, y);
    const { values, emptyInputs, emptyOutputs } = withoutEmpty(dMean);
    expect([values.length, emptyInputs, emptyOutputs]).toEqual([57, 2, 1]);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
  });
});
