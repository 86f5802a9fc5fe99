import {
  baselineError,
  components,
  compressionErrors,
  generateToyJets,
  normaliseJets,
  restoreJets,
  variableSets,
} from './index.ts';

it('runs the example of the README', () => {
  const jets = generateToyJets({ rows: 1000, seed: 1 });
  const normalisation = variableSets['4d'];
  const matrix = normaliseJets(normalisation, jets);
  const baseline = components({ width: 4, values: matrix }, 3, 16);
  const back = restoreJets(normalisation, matrix);

  expect(matrix.length).toBe(4000);
  expect(baselineError(baseline, matrix)).toBeLessThan(0.01);
  expect(compressionErrors(normalisation, jets, back).mse).toBeLessThan(1e-12);
});
