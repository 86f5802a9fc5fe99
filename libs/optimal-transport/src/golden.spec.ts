/** Agreement with POT 0.9.7 (`ot.emd2`) and the Ecoder study's conventions; the metric is in sensor cells. */
import { expectClose, goldenNpy } from '@hep/test-support';
import { createEmdSolver, EmdPool, emdBatchParallel } from './index.ts';

const npy = (topic: string, file: string) => goldenNpy(topic, file).values;
const metric = npy('geometry', 'hexMetric.npy');
const x = npy('losses', 'met_x.npy');
const y = npy('losses', 'met_y.npy');
const tolerance = { absolute: 1e-9 };
const solver = createEmdSolver(metric, 48);

describe('golden distances', () => {
  it('of wafers and their reconstructions, sentinels included', () => {
    const expected = npy('losses', 'met_emd.npy');
    expectClose(solver.emdBatch(x, y), expected, tolerance);
    expect([...expected.slice(57)]).toEqual([-1, -0.5, -1]);
    expect(solver.emd(x, y, 56 * 48, 56 * 48)).toBe(0);
  });

  it('with a threshold', () => {
    const thresholded = createEmdSolver(metric, 48, { threshold: 0.02 });
    expectClose(thresholded.emdBatch(x, y), npy('losses', 'met_emd_thr0.02.npy'), tolerance);
  });

  it('of all pairs', () => {
    const first = x.subarray(0, 12 * 48);
    expectClose(solver.emdMatrix(first, first), npy('losses', 'met_emd_matrix.npy'), tolerance);
  });

  it('of the EMD network study', () => {
    const distances = solver.emdBatch(npy('losses', 'emdcnn_x_calq.npy'), npy('losses', 'emdcnn_y_calq.npy'));
    expectClose(distances, npy('losses', 'emdcnn_true_emd.npy'), tolerance);
  });

  it('of patterns that can be written down', () => {
    const pattern = (value: (k: number) => number) => Float64Array.from({ length: 48 }, (_, k) => value(k));
    const delta = (cell: number) => pattern((k) => Number(k === cell));
    const cases = [
      [delta(0), delta(1), 2],
      [delta(0), delta(47), 12.134656377958395],
      [delta(0), pattern(() => 1), 7.440867207021382],
      [pattern((k) => k), pattern((k) => 47 - k), 3.2482150613527394],
      [pattern((k) => k * k), pattern(() => 1), 2.5189868267567674],
      [pattern((k) => k + 1), pattern((k) => 48 - k), 3.115634854766913],
      [pattern((k) => (k === 0 ? 11 : 1)), pattern(() => 1), 1.2829081391416222],
      [pattern((k) => Number(k % 5 === 0)), pattern((k) => Number(k % 5 === 1)), 2.1802758394980772],
    ] as const;
    for (const [a, b, distance] of cases) expectClose([solver.emd(a, b)], [distance], tolerance);
  });
});

describe('worker threads', () => {
  it('give the same numbers in the same order', async () => {
    const many = Float32Array.from({ length: 5000 * 48 }, (_, i) => x[i % x.length]);
    const others = Float32Array.from({ length: 5000 * 48 }, (_, i) => y[(7 * i) % y.length]);
    const parallel = await emdBatchParallel(metric, 48, many, others, { threads: 2 });
    expect(Float64Array.from(parallel)).toEqual(solver.emdBatch(many, others));
  });

  it('serve several batches and matrices', async () => {
    const pool = await EmdPool.start(metric, 48, { threads: 2 });
    expect(Float64Array.from(await pool.emdMatrix(x, y))).toEqual(solver.emdMatrix(x, y));
    expect(Float64Array.from(await pool.emdBatch(y, x))).toEqual(solver.emdBatch(y, x));
    const rows = Int32Array.from({ length: 2500 }, (_, pair) => pair % 12);
    const others = rows.map((row) => (5 * row + 1) % 12);
    const matrix = solver.emdMatrix(x, y);
    const listed = Float64Array.from(rows, (row, pair) => matrix[(row * y.length) / 48 + others[pair]]);
    expect(Float64Array.from(await pool.emdPairs(x, y, rows, others))).toEqual(listed);
    await expect(pool.emdPairs(x, y, rows, others.subarray(1))).rejects.toThrow('2499 rows; expected 2500');
    const spoilt = x.slice();
    spoilt[100] = -3;
    await expect(pool.emdBatch(spoilt, y)).rejects.toThrow(
      'x[100] is -3; expected a finite number, 0 or more',
    );
    await pool.close();
  });
});
