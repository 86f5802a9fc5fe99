import { triggerCellDistances, TRIGGER_CELLS } from '@hep/hgcal-geometry';
import { EmdPool } from '@hep/optimal-transport';
import { expectClose, goldenNpy } from '@hep/test-support';
import { scoresOf } from './scores.ts';
import type { Scores } from './scores.ts';

const npy = (file: string) => goldenNpy('losses', file).values;
const EMPTY_INPUT = -1;
const EMPTY_OUTPUT = -0.5;

/** Mean and spread of golden values without those of empty patterns. */
function expected(file: string): [number, number] {
  const values = npy(file).filter((value) => value !== EMPTY_INPUT && value !== EMPTY_OUTPUT);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [mean, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)];
}

describe('scores of the golden patterns', () => {
  const charges = Float64Array.from(npy('met_x.npy'));
  const decoded = Float64Array.from(npy('met_y.npy'));
  const modules = charges.length / TRIGGER_CELLS;
  let scores: Scores;

  beforeAll(async () => {
    const pool = await EmdPool.start(triggerCellDistances(), TRIGGER_CELLS, { threads: 1 });
    const occupancy = Int32Array.from({ length: modules }, (_, module) => module % 24);
    scores = await scoresOf(decoded, { charges, occupancy }, pool);
    await pool.close();
  });

  it.each([
    ['dMean', 'met_d_weighted_mean.npy'],
    ['dRMS', 'met_d_abs_weighted_rms.npy'],
    ['SSD', 'met_ssd.npy'],
  ] as const)('%s is the mean of the reference without empty patterns', (metric, file) => {
    const { mean, std } = scores.metrics[metric];
    expectClose([mean, std], expected(file), { relative: 1e-10 });
  });

  it('EMD is the mean of the reference without empty patterns', () => {
    const { mean, std, q16, median, q84, p95 } = scores.emd;
    expectClose([mean, std], expected('met_emd.npy'), { relative: 1e-9 });
    expect([q16, median, q84, p95]).toEqual([q16, median, q84, p95].sort((a, b) => a - b));
  });

  it('counts empty patterns', () => {
    const sentinels = npy('met_ssd.npy');
    expect(scores.emptyInputs).toBe(sentinels.filter((value) => value === EMPTY_INPUT).length);
    expect(scores.emptyOutputs).toBe(sentinels.filter((value) => value === EMPTY_OUTPUT).length);
    const zero = npy('met_zero_frac.npy');
    expect(scores.zeroFraction).toBeCloseTo(zero.reduce((sum, value) => sum + value, 0) / modules, 12);
    const counted = scores.byOccupancy.counts.reduce((sum, count) => sum + count, 0);
    expect(counted).toBe(modules - scores.emptyInputs - scores.emptyOutputs);
  });
});
