import { TRIGGER_CELLS } from '@hep/hgcal-geometry';
import {
  chargeColour,
  comparison,
  correlationMap,
  curves,
  efficiencyPoints,
  epochCurves,
  cornerPlot,
  heatmap,
  histogram,
  legendOf,
  logarithmicAxis,
  lossCurves,
  MIP_T,
  profile,
  seriesStyle,
  tradeOff,
  waferFigure,
} from './index.ts';

const charges = Float32Array.from({ length: TRIGGER_CELLS }, (_, cell) => (cell % 5 === 0 ? cell / 4 : 0));

describe('logarithmicAxis', () => {
  it.each([
    [1, 100, 1],
    [0.25, 8, 'D2'],
    [1, 4, undefined],
  ])('from %p to %p has labels that do not overlap', (lowest, highest, dtick) => {
    expect(logarithmicAxis(lowest, highest).dtick).toBe(dtick);
  });
});

it('keeps room above a frame for the letters of a legend, not for its markup', () => {
  const rows = (label: string) => (legendOf([label, label]).margin!.t! - 44) / 22;
  expect(rows(`above 1.35 ${MIP_T} &lt; 2`)).toBe(rows('above 1.35 MIPT < 2'));
  expect(rows('a name of nearly thirty letters')).toBe(2);
});

describe('waferFigure', () => {
  const wafer = {
    input: charges,
    decoded: charges.map((charge) => charge / 2),
    latent: [0, 0.5, 1],
    emd: 1.25,
  };

  it('draws 48 closed quadrilaterals per wafer, coloured by charge', () => {
    const { shapes = [] } = waferFigure(wafer).layout;
    const panels = [shapes.filter(({ xref }) => xref === 'x'), shapes.filter(({ xref }) => xref === 'x2')];
    expect(panels.map((panel) => panel.length)).toEqual([48, 48]);
    for (const { path } of shapes) expect(path).toMatch(/^M(-?[\d.]+,-?[\d.]+L){3}-?[\d.]+,-?[\d.]+Z$/);
    expect(panels[0]![0]!.fillcolor).toBe(chargeColour(0));
    expect(panels[0]![45]!.fillcolor).toBe(chargeColour(1));
    expect(panels[1]![45]!.fillcolor).toBe(chargeColour(0.5));
  });

  it('puts the hover points inside their cells and one colour bar', () => {
    const { data } = waferFigure(wafer);
    const cells = data.filter(({ type }) => type === 'scatter');
    expect(cells.map(({ x }) => x.length)).toEqual([48, 48]);
    expect(cells.map(({ marker }) => marker?.showscale)).toEqual([false, true]);
    expect(data.at(-1)).toMatchObject({ type: 'bar', x: [0, 0.5, 1], y: [0, 1, 2] });
  });

  it('draws an empty module and the input alone', () => {
    const empty = waferFigure({ input: new Float32Array(TRIGGER_CELLS), logScale: true });
    expect(empty.layout.shapes).toHaveLength(48);
    expect(JSON.stringify(empty)).not.toMatch(/NaN|Infinity|null/);
  });

  it('tells the distance, or that there is none', () => {
    const notes = (emd: number) => waferFigure({ ...wafer, emd }).layout.annotations!.map(({ text }) => text);
    expect(notes(1.25)[1]).toContain('EMD 1.25 cells');
    expect(notes(-0.5)[1]).toContain('no EMD: a side without charge');
  });

  it('refuses another number of cells', () => {
    expect(() => waferFigure({ input: [1, 2] })).toThrow('wafer drawing: 2 input charges, expected 48');
  });
});

describe('lossCurves', () => {
  it('is logarithmic in the loss and starts at epoch 1', () => {
    const { data, layout } = lossCurves({ training: [3, 2, 1], validation: [4, NaN, 2], bestEpoch: 3 });
    expect(layout.yaxis?.type).toBe('log');
    expect(data.map(({ x, y }) => [x, y])).toEqual([
      [
        [1, 2, 3],
        [3, 2, 1],
      ],
      [
        [1, 2, 3],
        [4, null, 2],
      ],
    ]);
    expect(layout.annotations?.[0]?.text).toContain('best epoch 3');
  });

  it('is linear when a loss is not positive', () => {
    expect(lossCurves({ training: [1, -1] }).layout.yaxis?.type).toBe('linear');
  });
});

describe('histogram', () => {
  const series = { name: 'ae', counts: [1, 0, 4], median: 1.5, q16: 1, q84: 2.25 };
  const input = { edges: [0, 1, 2, 3], series: [series], xTitle: 'EMD [cells]' };

  it('draws each bin to its right edge and states the quantiles', () => {
    const { data, layout } = histogram(input);
    expect(data[0]).toMatchObject({ x: [0, 1, 1, 2, 2, 3], y: [1, 1, 0, 0, 4, 4], fill: 'tozeroy' });
    expect(layout.annotations?.[0]?.text).toBe('median 1.50 (−0.50 +0.75)');
  });

  it('leaves gaps for empty bins on a logarithmic axis', () => {
    expect(histogram({ ...input, logY: true }).data[0]!.y).toEqual([1, 1, null, null, 4, 4]);
  });

  it('refuses counts that do not fit the edges', () => {
    expect(() => histogram({ ...input, edges: [0, 1] })).toThrow('histogram ae: 3 counts for 2 bin edges');
  });
});

describe('epochCurves', () => {
  const series = [
    { name: 'data', values: [0.5, NaN, 0.1] },
    { name: 'simulation', values: [1, 2, 3] },
  ];

  it('counts epochs from 1 and leaves gaps', () => {
    const { data, layout } = epochCurves({ series, yTitle: 'K-S', scale: 'automatic' });
    expect(data.map(({ x, y }) => [x, y])).toEqual([
      [
        [1, 2, 3],
        [0.5, null, 0.1],
      ],
      [
        [1, 2, 3],
        [1, 2, 3],
      ],
    ]);
    expect(layout.xaxis?.dtick).toBe(1);
    expect(layout.yaxis?.type).toBe('log');
  });

  it('marks an epoch', () => {
    const { layout } = epochCurves({ series, yTitle: 'K-S', bestEpoch: 2 });
    expect(layout.shapes).toMatchObject([{ x0: 2, x1: 2, xref: 'x' }]);
    expect(layout.annotations?.map(({ text }) => text)).toEqual(['best epoch 2']);
    expect(layout.yaxis?.type).toBe('linear');
  });
});

describe('efficiencyPoints', () => {
  const at = new Map([
    ['a', { value: 0.5, lower: 0.4, upper: 0.7 }],
    ['b', { value: NaN, lower: NaN, upper: NaN }],
    ['c', { value: 1, lower: 0.9, upper: 1 }],
  ]);
  const titles = { xTitle: 'm', yTitle: 'Efficiency' };

  it('shows fractions with their intervals where there are some', () => {
    const { data, layout } = efficiencyPoints({
      points: ['a', 'b', 'c'],
      series: [{ name: 'x', at }],
      ...titles,
    });
    expect(data[0]).toMatchObject({ x: [0, 2], y: [0.5, 1], text: ['a', 'c'] });
    expect(data[0]!.error_y!.array[0]).toBeCloseTo(0.2, 12);
    expect(data[0]!.error_y!.arrayminus[0]).toBeCloseTo(0.1, 12);
    expect(layout.xaxis).toMatchObject({ tickvals: [0, 1, 2], ticktext: ['a', 'b', 'c'] });
  });

  it('puts several series side by side', () => {
    const series = ['x', 'y', 'z'].map((name) => ({ name, at }));
    const { data } = efficiencyPoints({ points: ['c'], series, ...titles });
    expect(data.map(({ x }) => x[0])).toEqual([-0.25, 0, 0.25]);
  });
});

describe('profile', () => {
  const bins = {
    centres: [1, 3, 5],
    medians: [2, 0, 4],
    lowErrors: [0.5, 0, 1],
    highErrors: [1, 0, 2],
    counts: [9, 0, 7],
  };

  it('shows asymmetric errors and leaves empty bins out', () => {
    const [trace] = profile({ series: [{ name: 'ae', ...bins }], xTitle: 'x', yTitle: 'y' }).data;
    expect(trace).toMatchObject({ x: [1, 5], y: [2, 4], error_y: { array: [1, 2], arrayminus: [0.5, 1] } });
  });

  it('keeps several series inside their bins', () => {
    const names = ['ae', 'stc', 'bc'];
    const { data } = profile({ series: names.map((name) => ({ name, ...bins })), xTitle: 'x', yTitle: 'y' });
    expect(data.map(({ x }) => x[0])).toEqual([0.5, 1, 1.5]);
  });
});

describe('seriesStyle', () => {
  it('gives an algorithm the same look in every figure', () => {
    expect(seriesStyle('stc', 0)).toEqual(seriesStyle('stc', 5));
    expect(seriesStyle('ae', 3).colour).not.toBe(seriesStyle('stc', 3).colour);
  });
});

describe('comparison', () => {
  const titles = { xTitle: 'x', yTitle: 'y' };

  it('shows counts on a logarithmic scale, empty bins blank, and the diagonal', () => {
    const { data } = comparison({ edges: [0, 1, 2], counts: [0, 1, 10, 100], ...titles });
    expect(data[0]).toMatchObject({
      type: 'heatmap',
      x: [0, 1, 2],
      z: [
        [null, 0],
        [1, 2],
      ],
    });
    expect(data[1]).toMatchObject({ type: 'scatter', x: [0, 2], y: [0, 2] });
  });

  it('refuses counts of other bins', () => {
    expect(() => comparison({ edges: [0, 1], counts: [1, 2], ...titles })).toThrow('2 counts for 1 bins');
  });
});

describe('curves', () => {
  it('joins the finite points of each series', () => {
    const { data, layout } = curves({
      series: [
        { name: 'a', x: [3, 5], y: [2, Number.NaN] },
        { name: 'b', x: [3, 5], y: [1, 0.5] },
      ],
      xTitle: 'Bits',
      yTitle: 'EMD',
    });
    expect(data.map(({ name, x, y }) => [name, x, y])).toEqual([
      ['a', [3, 5], [2, null]],
      ['b', [3, 5], [1, 0.5]],
    ]);
    expect(new Set(data.map(({ marker }) => marker?.symbol)).size).toBe(2);
    expect(layout.xaxis?.title?.text).toBe('Bits');
  });

  it('is a line alone with many points, on logarithmic axes where asked for', () => {
    const x = Array.from({ length: 100 }, (_, i) => i + 1);
    const titles = { xTitle: 'x', yTitle: 'y' };
    const { data, layout } = curves({ series: [{ name: 'a', x, y: x }], ...titles, logX: true, logY: true });
    expect(data[0]!.mode).toBe('lines');
    expect([layout.xaxis?.type, layout.yaxis?.type]).toEqual(['log', 'log']);
  });
});

describe('correlationMap', () => {
  it('is a map from -1 to 1 with the first name at the top and gaps for what is not known', () => {
    const { data, layout } = correlationMap({ names: ['a', '<b>'], values: [1, -0.5, -0.5, NaN] });
    expect(data[0]).toMatchObject({
      type: 'heatmap',
      zmin: -1,
      zmax: 1,
      z: [
        [1, -0.5],
        [-0.5, null],
      ],
    });
    expect(layout.yaxis).toMatchObject({ range: [1.5, -0.5], ticktext: ['a', '&lt;b&gt;'] });
    expect(layout.annotations?.map(({ text }) => text)).toEqual(['1.00', '−0.50', '−0.50', '–']);
  });

  it('has no minus before zeros', () => {
    const { layout } = correlationMap({ names: ['a', 'b'], values: [1, -0.004, -0.004, 1] });
    expect(layout.annotations?.map(({ text }) => text)).toEqual(['1.00', '0.00', '0.00', '1.00']);
  });
});

describe('corner plot', () => {
  const row = Array.from({ length: 2000 }, (_, i) => Math.sin(i * i));
  const columns = [
    row,
    row.map((x, i) => -x + 0.1 * Math.cos(7 * i * i)),
    row.map((_, i) => Math.sin(3 * i * i + i)),
  ];
  const { data, layout } = cornerPlot({ names: ['a', '<b>', 'c'], columns, bins: 20 });

  it('has a distribution on the diagonal and contours below it', () => {
    expect(data.map(({ type, xaxis }) => [type, xaxis])).toEqual([
      ['scatter', 'x1'],
      ['contour', 'x4'],
      ['scatter', 'x5'],
      ['contour', 'x7'],
      ['contour', 'x8'],
      ['scatter', 'x9'],
    ]);
    expect(layout.xaxis7!.title!.text).toBe('a');
    expect(layout.yaxis4!.title!.text).toBe('&lt;b&gt;');
    expect(layout.annotations).toHaveLength(3);
  });

  it('draws contours that hold 39.3 % and 90 %, in the colour of the correlation', () => {
    const { z, contours, colorscale } = data[1];
    const cells = z!.flatMap((line) => [...line]) as number[];
    const whole = cells.reduce((sum, value) => sum + value, 0);
    const within = (level: number) =>
      cells.filter((value) => value >= level).reduce((sum, value) => sum + value, 0) / whole;
    expect(within(contours!.start)).toBeGreaterThanOrEqual(0.9);
    expect(within(contours!.start)).toBeLessThan(0.94);
    expect(within(contours!.end)).toBeGreaterThanOrEqual(1 - Math.exp(-0.5));
    expect(within(contours!.end)).toBeLessThan(0.46);
    const [red, , blue] = [1, 3, 5].map((at) => Number.parseInt(colorscale![2][1].slice(at, at + 2), 16));
    expect(blue).toBeGreaterThan(red + 80);
  });

  it('of a quantity that does not vary is drawn, too', () => {
    expect(() =>
      cornerPlot({
        names: ['a', 'b'],
        columns: [
          [1, 1, 1],
          [1, 2, 3],
        ],
      }),
    ).not.toThrow();
  });
});

describe('heatmap', () => {
  const titles = { xTitle: 'x', yTitle: 'y', title: 'q' };

  it('has a row for each y', () => {
    const { data } = heatmap({ x: [1, 2, 3], y: [5, 6], values: [1, 2, 3, 4, Infinity, 6], ...titles });
    expect(data[0].z).toEqual([
      [1, 2, 3],
      [4, null, 6],
    ]);
  });

  it('refuses other sizes', () => {
    expect(() => heatmap({ x: [1], y: [1], values: [1, 2], ...titles })).toThrow('2 values for 1 x 1 points');
  });
});

describe('tradeOff', () => {
  const series = (family: string, variant: number, costs: readonly number[]) => ({
    name: `${family} <${variant}>`,
    family,
    variant,
    costs,
    medians: costs.map((cost) => 100 / cost),
    q16: costs.map((cost) => 80 / cost),
    q84: costs.map((cost) => 150 / cost),
  });
  const figure = tradeOff({
    series: [series('bc', 0, [64, 160]), series('stc', 0, [64]), series('stc', 1, [70.5])],
    levels: [
      { name: 'mean pattern', median: 3 },
      { name: 'float', median: 2.9 },
    ],
    xTitle: 'bits',
    yTitle: 'EMD',
  });

  it('gives families a colour and variants a marker', () => {
    const [bc, first, second] = figure.data.map(({ line, marker }) => [line?.color, marker?.symbol]);
    expect(bc).toEqual([seriesStyle('bc', 0).colour, 'diamond']);
    expect([first[0], second[0]]).toEqual([seriesStyle('stc', 0).colour, first[0]]);
    expect([first[1], second[1]]).toEqual(['square', 'square-open']);
  });

  it('draws quantiles as bars around the medians, and names the costs that are whole', () => {
    expect(figure.data[0].error_y).toMatchObject({
      array: [150 / 64 - 100 / 64, 150 / 160 - 100 / 160],
      arrayminus: [100 / 64 - 80 / 64, 100 / 160 - 80 / 160],
    });
    expect(figure.layout.xaxis).toMatchObject({ type: 'log', tickvals: [64, 160] });
    expect(figure.data[0].name).toBe('bc &lt;0&gt;');
  });

  it('names levels on both sides', () => {
    expect(figure.layout.shapes?.map(({ y0 }) => y0)).toEqual([3, 2.9]);
    expect(figure.layout.annotations?.map(({ xanchor }) => xanchor)).toEqual(['right', 'left']);
  });
});
