import { calibrationCurve, spreadAndCounts } from './index.ts';

describe('spreadAndCounts', () => {
  const figure = spreadAndCounts({
    edges: [0, 5, 10, 15],
    series: [
      { name: 'fake', means: [0.1, NaN, 0.5], spreads: [0.2, NaN, 0.1], counts: [10, 2, 0] },
      { name: 'true', means: [0.9, 0.8, NaN], spreads: [0.2, 0.1, NaN], counts: [90, 30, 1] },
    ],
    range: [0, 1],
    xTitle: 'x',
    yTitle: 'y',
    countTitle: 'n',
  });
  const above = figure.data.filter(({ yaxis }) => yaxis === undefined);
  const below = figure.data.filter(({ yaxis }) => yaxis === 'y2');

  it('draws means where there are any, with bands that stay within the range', () => {
    expect(above.map(({ name, mode }) => [name, mode])).toEqual([
      [undefined, 'lines'],
      ['fake', 'markers'],
      [undefined, 'lines'],
      ['true', 'markers'],
    ]);
    expect(above[1]).toMatchObject({ x: [2.5, 12.5], y: [0.1, 0.5], customdata: [0.2, 0.1] });
    const corners = above[0].y.filter((value) => value !== null);
    expect([Math.min(...corners), Math.max(...corners)]).toEqual([0, 0.6]);
    expect(above[0].x).toEqual([0, 5, 5, 0, null, 10, 15, 15, 10, null]);
    expect(Math.max(...above[2].y.map((value) => value ?? 0))).toBe(1);
  });

  it('stacks the entries below on a logarithmic axis', () => {
    const lines = below.filter(({ name }) => name !== undefined);
    expect(lines.map(({ name }) => name)).toEqual(['fake', 'true']);
    expect(lines[0].y).toEqual([10, 10, 2, 2, 0.25, 0.25]);
    expect(lines[1].y).toEqual([100, 100, 32, 32, 1, 1]);
    expect(lines[1].customdata).toEqual([90, 90, 30, 30, 1, 1]);
    expect(figure.layout.yaxis2?.type).toBe('log');
    expect(figure.layout.xaxis?.matches).toBe('x2');
  });
});

describe('calibrationCurve', () => {
  it('draws parts with their intervals against the diagonal', () => {
    const { data } = calibrationCurve(
      [{ name: 'net', predicted: [0.1, 0.9], observed: [0.25, 0.75], lower: [0, 0.5], upper: [0.5, 1] }],
      { xTitle: 'score', yTitle: 'part' },
    );
    expect(data[0]).toMatchObject({ x: [0, 1], y: [0, 1] });
    expect(data[1]).toMatchObject({
      x: [0.1, 0.9],
      y: [0.25, 0.75],
      error_y: { array: [0.25, 0.25], arrayminus: [0.25, 0.25] },
    });
  });
});
