import { massEfficiencies, predictionsOf } from '@hep/calratio-training';
import { toyHistory, toyPredictions } from '@hep/calratio-training/testing';
import { bestEpochs, bestIndices } from './best-epochs.ts';
import { bestMarked, comparisonSections } from './comparison-sections.ts';
import { headlineOf } from './headline.ts';
import { parametersSection, splitParameters } from './parameters-section.ts';
import type { RunResults } from './run-results.ts';
import { analysisReport, comparisonReport } from './runs-report.ts';

const runOf = (name: string, shift: number, options: RunResults['options']): RunResults => ({
  name,
  history: toyHistory(5),
  bestEpoch: 4,
  predictions: predictionsOf(toyPredictions(400, { shift }), 'toy'),
  options,
});
const one = runOf('one', 0, [
  ['epochs', '5'],
  ['seed', '1'],
]);
const two = runOf('two', 2, [
  ['epochs', '5'],
  ['seed', '2'],
  ['dropout', '0.1'],
]);

describe('best epochs', () => {
  it('are the two best, never one without the number', () => {
    expect(bestIndices([20, 30, 10], 'smallest')).toEqual([2, 0]);
    expect(bestIndices([20, 30, NaN], 'largest')).toEqual([1, 0]);
    expect(bestIndices([NaN], 'smallest')).toEqual([]);
  });

  it('follow the measure: the largest loss of the adversary, the smallest of all others', () => {
    const rows = bestEpochs([one]);
    const epochs = (reason: string) =>
      rows
        .filter((row) => row.reason === reason)
        .map(({ epoch }) => epoch)
        .sort();
    const sums = one.history.map(({ values }) => values['val_ks']);
    const ordered = [1, 2, 3, 4, 5].sort((a, b) => sums[a - 1] - sums[b - 1] || a - b);
    expect(epochs('best main loss')).toEqual([4, 5]);
    expect(epochs('best adversary loss')).toEqual([4, 5]);
    expect(epochs('best discriminator loss')).toEqual([1, 2]);
    expect(epochs('best K-S sum')).toEqual(ordered.slice(0, 2).sort());
    expect(epochs('choice of the run')).toEqual([4]);
    const losses = rows.map(({ mainLoss }) => mainLoss);
    expect(losses).toEqual([...losses].sort((a, b) => a - b));
  });
});

describe('efficiencies of runs', () => {
  it('have the best of each mass in bold, whatever its last digit', () => {
    expect(bestMarked([0.93, 0.9, NaN], 'larger')).toEqual([{ best: 0.93 }, 0.9, NaN]);
    const { tables = [] } = comparisonSections([one, two])[3];
    const values = [one, two].map(
      ({ predictions }) => massEfficiencies(predictions.main)[0].efficiency.value,
    );
    const best = values[0] >= values[1] ? 0 : 1;
    const [, ...cells] = tables[0].rows[0];
    expect(cells[best]).toHaveProperty('best', expect.stringContaining(values[best].toFixed(3)));
  });
});

describe('parameters', () => {
  it('vary or are common', () => {
    expect(splitParameters([one, two])).toEqual({
      varying: [
        ['seed', ['1', '2']],
        ['dropout', ['–', '0.1']],
      ],
      common: [['epochs', '5']],
    });
    expect(parametersSection([one, one], { withCommon: false })).toMatchObject({
      text: 'The runs have the same options.',
      tables: [],
    });
  });
});

describe('reports of runs', () => {
  const headings = (html: string) => [...html.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, heading]) => heading);

  it('analyse each run', () => {
    expect(headings(analysisReport([one, two]))).toEqual([
      ...['Best epochs', 'Scores', 'ROC curves', 'Histories', 'Signal efficiencies'],
      ...['one: outputs', 'two: outputs', 'Training parameters'],
    ]);
  });

  it('tell the difference to the first run', () => {
    const html = comparisonReport([one, two]);
    const sums = [one, two].map(({ predictions }) => {
      const { qcd, sig, bib } = headlineOf(predictions).ksSum;
      return qcd + sig + bib;
    });
    expect(sums[1]).toBeGreaterThan(sums[0]);
    expect(html).toContain(`<dt>two: K-S sum</dt><dd>+${(sums[1] - sums[0]).toPrecision(3)}</dd>`);
    expect(html).not.toContain('Common to all runs');
  });
});
