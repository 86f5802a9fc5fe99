import { predictionsOf } from '@hep/calratio-training';
import { toyHistory, toyPredictions } from '@hep/calratio-training/testing';
import { makeReport } from './report-thread.ts';
import { calratioReport } from './report/calratio-report.ts';
import { comparisonReport } from './report/runs-report.ts';

const run = {
  name: 'toy',
  history: toyHistory(3),
  bestEpoch: 2,
  predictions: predictionsOf(toyPredictions(300), 'toy'),
  options: [['epochs', '3'] as const],
};

it('makes the same report as the thread that asks for it', async () => {
  const input = { run, isSynthetic: true, facts: [['Seed', 1]] as const };
  expect(await makeReport({ kind: 'training', input })).toBe(calratioReport(input));
  const runs = [run, { ...run, name: 'other' }];
  expect(await makeReport({ kind: 'comparison', runs })).toBe(comparisonReport(runs));
});
