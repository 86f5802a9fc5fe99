import { generateToyJets } from '../toy/toy-jets.ts';
import { selectJets } from '../variables/normalisation.ts';
import type { Jets } from '../variables/normalisation.ts';
import { variableSets } from '../variables/presets.ts';
import { ErrorSums } from './error-sums.ts';
import { anomalyScores, compressionErrors } from './errors.ts';

const metric = variableSets['4d'];
const jetsOf = (m: number[], pt: number[], phi: number[], eta: number[]): Jets => ({
  rows: m.length,
  columns: new Map(
    Object.entries({ m, pt, phi, eta }).map(([name, values]) => [name, Float64Array.from(values)]),
  ),
});

describe('errors of compression', () => {
  const before = jetsOf([999, 999], [1e5, 1e4], [3.1, -1], [1, 0]);
  const after = jetsOf([999, 9999], [1e5, 1e5], [-3.1, -1], [1.5, 0]);
  const errors = compressionErrors(metric, before, after);
  const [m, pt, phi, eta] = errors.variables;

  it('are told in normalised units, angles around the circle', () => {
    expect(m.mse).toBeCloseTo((1 / 1.8) ** 2 / 2, 12);
    expect(pt.mse).toBeCloseTo((1 / 1.2) ** 2 / 2, 12);
    expect(phi.mse).toBeCloseTo(((2 * Math.PI - 6.2) / 3) ** 2 / 2, 12);
    expect(eta.mse).toBeCloseTo(0.1 ** 2 / 2, 12);
    expect(errors.mse).toBeCloseTo((m.mse + pt.mse + phi.mse + eta.mse) / 4, 12);
  });

  it('are residuals and relative residuals, which leave out jets at zero', () => {
    expect([...pt.residuals]).toEqual([0, 90000]);
    expect([...pt.relative]).toEqual([0, 9]);
    expect(eta.relativeResidual.mean).toBe(0.5);
  });

  it('are the anomaly scores on average', () => {
    const scores = anomalyScores(metric, before, after);
    expect((scores[0] + scores[1]) / 2).toBeCloseTo(errors.mse, 12);
    expect(scores[1]).toBeGreaterThan(scores[0]);
  });

  it('add up piece by piece to those of the whole', () => {
    const jets = generateToyJets({ rows: 200, seed: 1 });
    const other = generateToyJets({ rows: 200, seed: 2 });
    const sums = new ErrorSums(metric);
    for (const rows of [[...Array(50).keys()], [...Array(150).keys()].map((row) => row + 50)]) {
      sums.add(selectJets(jets, rows), selectJets(other, rows));
    }
    const whole = compressionErrors(metric, jets, other);
    const means = sums.means();
    expect([means.jets, means.mse / whole.mse]).toEqual([200, expect.closeTo(1, 10)]);
    means.variables.forEach(({ mse }, i) => expect(mse / whole.variables[i].mse).toBeCloseTo(1, 10));
  });
});

describe('toy jets', () => {
  it('depend on seed and row alone and stay in their ranges', () => {
    const jets = generateToyJets({ rows: 3000, seed: 5 });
    const fewer = generateToyJets({ rows: 10, seed: 5 });
    for (const [name, values] of fewer.columns) {
      expect([...values]).toEqual([...jets.columns.get(name)!.subarray(0, 10)]);
    }
    const [m, pt, phi, eta] = ['m', 'pt', 'phi', 'eta'].map((name) => jets.columns.get(name)!);
    expect(pt.every((value) => value >= 20_000)).toBe(true);
    expect(phi.every((value) => Math.abs(value) <= 3.1415928)).toBe(true);
    expect(eta.every((value) => Math.abs(value) <= 4.7)).toBe(true);
    expect(m.filter((value) => value <= 0.08).length / 3000).toBeLessThan(0.02);
    expect(m.some((value) => value < 0)).toBe(true);
  });
});
