import { roundHalfEven } from './index.ts';

it('rounds to the nearest whole number, halves to the even one', () => {
  const values = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2.4, 2.6, 0.49999, 3, 2 ** 52 + 1];
  expect(values.map((value) => roundHalfEven(value) + 0)).toEqual([
    -2,
    -2,
    0,
    0,
    2,
    2,
    2,
    3,
    0,
    3,
    2 ** 52 + 1,
  ]);
  expect([NaN, Infinity, -Infinity].map(roundHalfEven)).toEqual([NaN, Infinity, -Infinity]);
});
