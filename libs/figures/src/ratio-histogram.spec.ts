import { weightedHistogram } from '@hep/statistics';
import { ratioHistogram } from './index.ts';

const edges = [0.1, 1, 2, 3, 4];
const data = { name: 'Data', histogram: weightedHistogram([0.5, 0.6, 0.7, 0.8, 1.5, 3.5], edges) };
const simulation = {
  name: 'Sim <b>',
  histogram: weightedHistogram([0.5, 0.5, 1.5, 1.5, 2.5, 3.5], edges, [1, 1, 2, 2, 0.5, 0.25]),
};
const titles = { xTitle: 'x', yTitle: 'Jets' };
const input = { data, simulation, ...titles };

const traceOf = (figure: ReturnType<typeof ratioHistogram>, name: string) =>
  figure.data.find((trace) => trace.name === name)!;

describe('ratioHistogram', () => {
  it('draws points with their errors on steps', () => {
    const figure = ratioHistogram(input);
    expect(traceOf(figure, 'Data')).toMatchObject({
      x: [0.55, 1.5, 2.5, 3.5],
      y: [4, 1, null, 1],
      error_y: { array: [2, 1, 0, 1], arrayminus: [2, 1, 0, 1] },
    });
    expect(traceOf(figure, 'Sim &lt;b&gt;')).toMatchObject({
      x: [0.1, 1, 1, 2, 2, 3, 3, 4],
      y: [2, 2, 4, 4, 0.5, 0.5, 0.25, 0.25],
    });
  });

  it('shows the ratio in its own panel, what is above the frame at its edge', () => {
    const figure = ratioHistogram(input);
    expect(traceOf(figure, 'ratio')).toMatchObject({
      y: [2, 0.25, 0, null],
      error_y: { array: [1, 0.25, 0, 4] },
      yaxis: 'y2',
    });
    expect(traceOf(figure, 'ratio above the frame')).toMatchObject({ x: [3.5], text: ['4.00'] });
    expect(figure.layout.yaxis2?.range).toEqual([0, 2]);
  });

  it('has the relative error of the simulation as a band around 1', () => {
    const bands = ratioHistogram(input).data.filter(({ fill, yaxis }) => fill === 'toself' && yaxis === 'y2');
    const upper = bands[0]!.y.slice(0, 8);
    [Math.SQRT2 / 2, Math.sqrt(8) / 4, 1, 1].forEach((error, bin) =>
      expect(upper[2 * bin]).toBeCloseTo(1 + error, 12),
    );
  });

  it('on logarithmic axes keeps to what is positive', () => {
    const figure = ratioHistogram({ ...input, logX: true, logY: true });
    const positive = figure.data.filter(({ yaxis }) => yaxis !== 'y2').flatMap(({ y }) => y);
    expect(positive.every((value) => value === null || value >= 0.125)).toBe(true);
    expect(figure.layout.yaxis).toMatchObject({
      type: 'log',
      range: [Math.log10(0.125), expect.any(Number)],
    });
    expect(traceOf(figure, 'Data').x[0]).toBeCloseTo(Math.sqrt(0.1), 12);
    expect(figure.layout.xaxis?.range).toEqual(figure.layout.xaxis2?.range);
  });

  it('draws empty histograms, and no NaN', () => {
    const empty = { name: 'none', histogram: weightedHistogram([], edges) };
    const figure = ratioHistogram({ ...titles, data: empty, simulation: empty, logY: true });
    expect(
      JSON.stringify(figure, (_, value: unknown) => (Number.isNaN(value) ? 'NaN' : value)),
    ).not.toContain('NaN');
    expect(traceOf(figure, 'ratio').y).toEqual([null, null, null, null]);
  });

  it('shows the note as text and refuses other bins', () => {
    expect(ratioHistogram({ ...input, note: 'K-S < 1' }).layout.annotations?.[0]?.text).toBe('K-S &lt; 1');
    const other = { name: 'other', histogram: weightedHistogram([], [0, 1]) };
    expect(() => ratioHistogram({ ...input, data: other })).toThrow('their bins differ');
  });
});
