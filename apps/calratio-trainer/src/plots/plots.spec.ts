import { generateToyJets } from '@hep/calratio-jets';
import { columnFile, flatTable } from '../testing/column-file.ts';
import { COMMON_PLOTS, plottedColumns } from './common-plots.ts';
import { densityFigure } from './density.ts';
import { byFile, groupFigures, labelsOf, massesOf } from './groups.ts';
import { jetFile } from './jet-file.ts';
import { plotReport } from './plot-report.ts';

const main = await jetFile(
  'main',
  columnFile(
    'main.csv',
    flatTable({
      label: [0, 1, 1, 2],
      mcEventWeight: [2, 1, 1, NaN],
      llp_mH: [0, 600, 125, 0],
      llp_mS: [0, 150, 55, 0],
      jet_pt: [0.1, 0.2, 0.3, 0.4],
    }),
  ),
);
const control = await jetFile(
  'control',
  columnFile('control.csv', flatTable({ label: [2, 0], jet_pT: [0.5, 0.6], jet_eta: [1, Infinity] })),
);

describe('files of jets', () => {
  it('are main samples when they have masses', () => {
    expect([main.kind, control.kind]).toEqual(['main', 'control']);
    expect([labelsOf(main), massesOf(main), massesOf(control)]).toEqual([
      [0, 1, 2],
      ['125, 55', '600, 150'],
      [],
    ]);
  });

  it('weigh 1 without weights, and 0 where a weight is no number', () => {
    expect([[...main.weight], [...control.weight]]).toEqual([
      [2, 1, 1, 0],
      [1, 1],
    ]);
  });

  it('without labels are refused', async () => {
    const file = columnFile('a.csv', flatTable({ jet_pt: [1] }));
    await expect(jetFile('a', file)).rejects.toThrow('a.csv: column missing of 1 present: label');
  });
});

describe('common plots', () => {
  it('take the first spelling that a file has', async () => {
    const [pt, eta] = await plottedColumns([['jet_pT', 'jet_pt'], 'jet_eta'], [main, control]);
    expect(pt.title).toBe('jet_pT');
    expect([...pt.values.values()].map((values) => [...values])).toEqual([
      [0.1, 0.2, 0.3, 0.4],
      [0.5, 0.6],
    ]);
    expect([...eta.values.keys()]).toEqual([control]);
  });

  it('say whose column it is when one file alone has it', async () => {
    const columns = await plottedColumns(['jet_eta', 'nothing'], [main, control]);
    const figures = groupFigures(columns, byFile([main, control]));
    expect(figures.map(({ caption }) => caption)).toEqual([
      'jet_eta. 50 % have no number. Only control has it.',
    ]);
  });
});

describe('densities', () => {
  const series = (values: number[], weights = values.map(() => 1)) => ({
    name: 'a',
    values: Float64Array.from(values),
    weights: Float64Array.from(weights),
  });

  it('have 100 bins, weights and an integral of one', () => {
    const values = Array.from({ length: 100 }, (_, i) => i + 0.5);
    const { figure } = densityFigure('x', [series([0, ...values, 100], [0, ...values, 0])])!;
    const { x, y } = figure.data[0];
    expect(x).toHaveLength(200);
    expect([x[0], x.at(-1)]).toEqual([0, 100]);
    expect(y[2 * 10]).toBeCloseTo(10.5 / 5000, 12);
  });

  it('do not let few far values squeeze the rest, and tell them', () => {
    const values = [...Array.from({ length: 999 }, (_, i) => i / 999), 99999];
    const { figure, caption } = densityFigure('t0', [series(values)])!;
    expect(figure.data[0].x.at(-1)).toBeLessThan(2);
    expect(caption).toBe('t0. 0.10 % of the jets lie outside.');
  });

  it('are not drawn without a number', () => {
    expect(densityFigure('x', [series([NaN])])).toBeUndefined();
    expect(densityFigure('x', [series([7])])!.figure.data[0].x[0]).toBe(6.5);
  });
});

describe('plot report', () => {
  const choices = {
    commonPlots: COMMON_PLOTS,
    labels: { main: { 0: 'Multijet MC', 1: 'Signal MC' }, control: {} },
    plotEveryColumn: false,
  };
  const headingsOf = (html: string) => [...html.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, heading]) => heading);

  it('has tables and figures of each file', async () => {
    const html = await plotReport([main, control], choices);
    expect(headingsOf(html)).toEqual([
      'Files',
      'By file',
      'main: by label',
      'main: signal by mass',
      'control: by label',
      'Column information',
    ]);
    expect(html).toContain('<td>Signal MC (1)</td><td class="number">2</td><td>50.0 %</td>');
    expect(html).toContain('<td>125, 55</td><td class="number">1</td><td>25.0 %</td>');
    expect(html).toContain('<td>jet_eta</td><td></td><td>float64</td>');
    expect(html).toContain('<td>label 2</td>');
  });

  it('compares files of one kind by what they share', async () => {
    const toy = (seed: number) => generateToyJets({ rows: 60, seed, sample: 'main' });
    const files = await Promise.all(
      [1, 2].map((seed) => jetFile(`toy ${seed}`, columnFile(`${seed}.csv`, toy(seed)))),
    );
    const headings = headingsOf(await plotReport(files, choices));
    expect(headings).toEqual(
      expect.arrayContaining(['Main samples: Signal MC (1)', 'Main samples: mH, mS 60, 15 GeV']),
    );
  });

  it('draws every column when asked to', async () => {
    const html = await plotReport([main, control], { ...choices, plotEveryColumn: true });
    expect(headingsOf(html).at(-1)).toBe('Every column');
    expect(html).toContain('llp_mH. Only main has it.');
  });
});
