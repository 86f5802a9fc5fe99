import { paretoFront } from './index.ts';

it('paretoFront joins the points that none beats, from left to right', () => {
  const points = [
    { x: 3, y: 1, label: 'a<b' },
    { x: 1, y: 3, label: 'b' },
    { x: 3, y: 2, label: 'c' },
    { x: 4, y: 4, label: 'd' },
    { x: 2, y: 2, label: 'e' },
  ];
  const { data } = paretoFront({ points, xTitle: 'x', yTitle: 'y' });
  expect(data.map(({ mode, x }) => [mode, x.length])).toEqual([
    ['markers', 5],
    ['lines+markers', 3],
  ]);
  expect(data[1]).toMatchObject({ x: [1, 2, 3], y: [3, 2, 1], text: ['b', 'e', 'a&lt;b'] });
});
