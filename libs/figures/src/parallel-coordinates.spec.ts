import { parallelCoordinates } from './index.ts';

const axes = [
  { title: 'activation', categories: ['relu', 'swish<b>'] },
  { title: 'layers' },
  { title: 'loss' },
];

describe('parallelCoordinates', () => {
  it('draws each thing across the axes, categories and numbers from bottom to top', () => {
    const { data, layout } = parallelCoordinates({
      axes,
      lines: [
        { label: 'a', values: [0, 3, 0.5], strength: 0 },
        { label: 'b', values: [1, 5, 0.4], strength: 1 },
        { label: 'c', values: [1, 4, null], strength: null },
      ],
    });
    expect(data.map(({ y }) => y.slice(1))).toEqual([
      [0, 1],
      [1, 0],
      [0.5, null],
    ]);
    expect(data[0].y[0]).toBeCloseTo(0, 1);
    expect(data[1].y[0]).toBeCloseTo(1, 1);
    expect(data[1].y[0]).not.toBe(data[2].y[0]);
    expect(data.map(({ line }) => line!.width)).toEqual([1, 3, 1]);
    expect(layout.xaxis!.ticktext).toEqual(['activation', 'layers', 'loss']);
    const texts = layout.annotations!.map(({ x, y, text }) => [Math.round(x) + 0, y, text]);
    expect(texts.slice(0, 5)).toEqual([
      [0, 0, 'relu'],
      [0, 1, 'swish&lt;b&gt;'],
      [1, 0, '3'],
      [1, 0.5, '4'],
      [1, 1, '5'],
    ]);
    expect(data[1].text).toEqual(['swish&lt;b&gt;', '5', '0.4']);
  });

  it('takes one thing, axes of one value, and axes without any', () => {
    const { data, layout } = parallelCoordinates({
      axes,
      lines: [{ label: 'a', values: [0, 3, null], strength: 1 }],
    });
    expect(data[0].y[1]).toBe(0.5);
    expect(layout.annotations!.map(({ text }) => text)).toEqual(['relu', 'swish&lt;b&gt;', '3']);
  });
});
