import { rocCurves } from './index.ts';

const series = {
  name: 'a <b>',
  signalEfficiency: [0, 0.5, 0.9, 1],
  backgroundEfficiency: [0, 0.01, 0.1, 1],
  area: 0.98765,
};

describe('rocCurves', () => {
  it('draws rejection against signal efficiency where background passes', () => {
    const { data, layout } = rocCurves({ series: [series] });
    const [chance, curve] = data;
    expect(curve).toMatchObject({ x: [0.5, 0.9, 1], y: [100, 10, 1], name: 'a &lt;b&gt;, AUC 0.988' });
    chance!.x.forEach((x, i) => expect(chance!.y[i]).toBeCloseTo(1 / x!, 12));
    expect(layout.yaxis?.type).toBe('log');
  });

  it('marks working points in the colour of their curve', () => {
    const workingPoints = [
      { label: 'tight', signalEfficiency: 0.5, backgroundEfficiency: 0.01 },
      { label: 'no background', signalEfficiency: 0.1, backgroundEfficiency: 0 },
    ];
    const { data } = rocCurves({ series: [series, { ...series, name: 'other', workingPoints }] });
    expect(data).toHaveLength(4);
    expect(data[3]).toMatchObject({ x: [0.5], y: [100], text: ['tight'] });
    expect(data[3]!.marker?.color).toBe(data[2]!.line?.color);
  });

  it('thins long curves to what can be seen, ends included', () => {
    const cuts = Array.from({ length: 100_001 }, (_, i) => i / 100_000);
    const { data } = rocCurves({
      series: [{ name: 'long', signalEfficiency: cuts.map((x) => x ** 0.2), backgroundEfficiency: cuts }],
    });
    const { x, y } = data[1]!;
    expect(x.length).toBeLessThan(1000);
    expect([x[0], y[0]]).toEqual([1e-5 ** 0.2, 1 / 1e-5]);
    expect([x.at(-1), y.at(-1)]).toEqual([1, 1]);
    for (let i = 1; i < x.length; i++) expect(x[i]! - x[i - 1]!).toBeLessThan(0.02);
  });

  it('is empty without a cut that background passes', () => {
    const { data } = rocCurves({ series: [{ ...series, backgroundEfficiency: [NaN, NaN, NaN, NaN] }] });
    expect(data[1]!.x).toEqual([]);
  });
});
