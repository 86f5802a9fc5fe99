import { generateToyJets } from '@hep/calratio-jets';
import { efficiencyAbove } from '@hep/statistics';
import { agreements, discrimination, jetsWhere, predictionsOf } from '@hep/calratio-training';
import { toyHistory, toyPredictions } from '@hep/calratio-training/testing';
import { calratioReport } from './calratio-report.ts';
import { comparisonSections } from './comparison-sections.ts';
import { controlSection } from './control-section.ts';
import { inputsSection } from './inputs-section.ts';
import { outputsSection } from './outputs-section.ts';
import { rocSection } from './roc-section.ts';
import type { RunResults } from './run-results.ts';
import { trainingSection } from './training-section.ts';

const run: RunResults = {
  name: 'run <1>',
  history: toyHistory(4),
  bestEpoch: 3,
  predictions: predictionsOf(toyPredictions(500), 'toy'),
  options: [['epochs', '4']],
};
const other: RunResults = {
  ...run,
  name: 'other',
  predictions: predictionsOf(toyPredictions(500, { separation: 5, shift: 2 }), 'toy'),
};
const { main, control } = run.predictions;

describe('report of a training', () => {
  const html = calratioReport({
    run,
    isSynthetic: true,
    facts: [['Seed', 1]],
    withoutAdversary: other,
    inputs: { main: generateToyJets({ rows: 300, seed: 1, sample: 'main' }) },
  });

  it('has every part, its numbers and the name as text', () => {
    const headings = [...html.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, heading]) => heading);
    expect(headings).toEqual([
      'Training',
      'With and without adversary',
      'Data against simulation',
      'Outputs',
      'Signal against background',
      'Efficiency by mass',
      'Significance',
      'Inputs',
      'Options',
    ]);
    expect(html).toContain('<h1>run &lt;1&gt;</h1>');
    expect(html).toContain('Synthetic toy jets');
    const { area } = discrimination(main, 'both');
    expect(html).toContain(`<dt>AUC</dt><dd>${Number(area.toPrecision(4))}</dd>`);
  });

  it('is made without test jets of signal, too', () => {
    const background = jetsWhere(main, (jet) => main.label[jet] !== 1);
    const poor = { ...run, predictions: { main: background, control } };
    expect(calratioReport({ run: poor, isSynthetic: false, facts: [] })).toContain('<dt>AUC</dt><dd>–</dd>');
  });
});

describe('training section', () => {
  it('draws training beside validation and the K-S history, by epoch', () => {
    const { figures = [] } = trainingSection(run.history, 3);
    const loss = figures.find(({ figure }) => figure.layout.yaxis?.title?.text === 'Main loss')!.figure;
    expect(loss.data.map(({ name, y }) => [name, y])).toEqual([
      ['Training', run.history.map(({ values }) => values['mainLoss'])],
      ['Validation', run.history.map(({ values }) => values['val_mainLoss'])],
    ]);
    const ks = figures.at(-1)!.figure;
    expect(ks.data.map(({ name }) => name)).toEqual(['QCD', 'SIG', 'BIB', 'By chance']);
    expect(ks.data[2].y).toEqual(run.history.map(({ values }) => values['val_ks_bib']));
  });

  it('leaves out what an older history lacks', () => {
    const history = run.history.map((row) => ({ ...row, values: { mainLoss: row.values['mainLoss'] } }));
    expect(trainingSection(history, null).figures).toHaveLength(1);
  });
});

describe('data against simulation', () => {
  const { figures = [], tables = [] } = controlSection(control);

  it('has each output in each bin, and the tests in a table', () => {
    expect(figures).toHaveLength(12);
    const tests = agreements(control);
    expect(tables[0].rows.map((row) => row[2])).toEqual(tests.map(({ distance }) => distance));
    expect(figures[0].figure.layout.annotations?.[0]?.text).toContain(`K-S ${tests[0].distance.toFixed(3)}`);
  });

  it('has no numbers for a bin without data', () => {
    const jets = jetsWhere(control, (jet) => control.label[jet] === 0 || control.jetPt[jet] < 0.25);
    const { rows } = controlSection(jets).tables![0];
    const [pT, , distance, byChance, critical, p, data] = rows[6];
    expect([pT, distance, byChance, critical, p, data]).toEqual(['middle pT', NaN, NaN, NaN, NaN, 0]);
  });

  it('counts the weighted part of the jets in a bin', () => {
    const points = figures[1].figure.data.find(({ name }) => name === 'Multijet data')!;
    const data = jetsWhere(control, (jet) => control.label[jet] === 2);
    const first = data.scores.sig.filter((score) => score < 1 / 29).length / data.label.length;
    expect(points.y[0]).toBeCloseTo(first, 12);
  });
});

describe('outputs', () => {
  it('of each class sum to one', () => {
    const [linear] = outputsSection(main).figures!;
    for (const { x, y } of linear.figure.data) {
      expect(x).toHaveLength(58);
      const sum = y.filter((_, corner) => corner % 2 === 0).reduce<number>((total, part) => total + part!, 0);
      expect(sum).toBeCloseTo(1, 12);
    }
  });
});

describe('ROC section', () => {
  it('tells what the working points keep', () => {
    const { figures = [], tables = [] } = rocSection(main);
    const [aim, threshold, signal] = tables[0].rows[3] as [string, number, string];
    expect(aim).toBe('signal\u00a080\u00a0%');
    const jets = jetsWhere(main, (jet) => main.label[jet] === 1);
    const { value } = efficiencyAbove(jets.scores.sig, threshold, jets.weight);
    expect(signal.startsWith(value.toFixed(3))).toBe(true);
    expect(figures[0].figure.data.map(({ name }) => name?.split(',')[0])).toEqual(
      expect.arrayContaining(['QCD and BIB', 'QCD only', 'BIB only']),
    );
  });
});

describe('inputs', () => {
  const table = generateToyJets({ rows: 300, seed: 1, sample: 'main' });

  it('are drawn before and after scaling, in proportion', () => {
    const { figures = [] } = inputsSection(table, { leastGeV: 40, mostGeV: 540 });
    const [before, after] = figures.map(({ figure }) => figure.data[0].x[0]!);
    expect(before).toBeCloseTo(40 + 500 * after, 9);
    expect(figures[0].figure.layout.xaxis?.title?.text).toBe('Jet p<sub>T</sub> [GeV]');
  });

  it('are those that a table has', () => {
    const few = new Map([...table.columns].filter(([name]) => ['label', 'mcEventWeight'].includes(name)));
    expect(inputsSection({ rows: 300, columns: few }).figures).toEqual([]);
  });
});

describe('runs side by side', () => {
  const [scores, curves, histories, efficiencies] = comparisonSections([run, other]);

  it('mark the better score', () => {
    const areas = [run, other].map(({ predictions }) => discrimination(predictions.main, 'both').area);
    expect(areas[1]).toBeGreaterThan(areas[0]);
    expect(scores.tables![0].rows[0]).toEqual(['AUC against QCD and BIB', areas[0], { best: areas[1] }]);
    const distances = [run, other].map(
      ({ predictions }) => agreements(predictions.control).find(({ output }) => output === 'sig')!.distance,
    );
    expect(scores.tables![0].rows[4]).toEqual(['K-S, Signal score', { best: distances[0] }, distances[1]]);
  });

  it('share axes', () => {
    expect(curves.figures).toHaveLength(3);
    const titles = histories.figures!.map(({ figure }) => figure.layout.yaxis?.title?.text);
    expect(titles.slice(3)).toEqual(['Main loss', 'Adversary loss', 'Discriminator loss']);
    for (const { figure } of histories.figures!) {
      expect(figure.data.map(({ name }) => name)).toEqual(['run &lt;1&gt;', 'other']);
    }
    expect(efficiencies.tables![0].rows.map(([mass]) => mass)).toEqual(['60, 15', '600, 150']);
  });
});
