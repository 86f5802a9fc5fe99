import { generateToyJets } from './index.ts';

it('runs the example of the README', () => {
  const main = generateToyJets({ rows: 1000, seed: 1, sample: 'main' });
  const control = generateToyJets({ rows: 1000, seed: 1, sample: 'control' });

  expect([main.columns.size, control.columns.size]).toEqual([814, 814]);
});
