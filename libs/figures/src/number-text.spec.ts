import { columnTexts, numberText, spreadText } from './number-text.ts';

it.each([
  [1100, 2, '1100'],
  [-22.58, 3, '−22.6'],
  [0.000213, 3, '0.000213'],
  [9.996, 3, '10.0'],
  [0, 3, '0.00'],
  [1.234e-5, 2, '1.2e-5'],
  [-2.5e7, 2, '−2.5e+7'],
])('%d in %d digits is %s', (value, digits, text) => {
  expect(numberText(value, digits)).toBe(text);
});

it('tells a median with its distances to quantiles', () => {
  expect(spreadText(-1102, -22.6, 1090, 3)).toBe('−22.6 (−1100 +1100)');
});

it.each([
  [
    [0.24, 0.1918, 0.09184, 1],
    ['0.2400', '0.1918', '0.09184', '1.000'],
  ],
  [
    [0.5, 0.25],
    ['0.50', '0.25'],
  ],
  [
    [25.93, 110.1, 0.00059931],
    ['25.93', '110.1', '0.0005993'],
  ],
  [
    [7180, 26697],
    ['7180', '26,697'],
  ],
  [
    [NaN, Infinity, -0.5, 1e-9],
    ['–', '∞', '-0.5', '1e-9'],
  ],
])('numbers of the column %j are %j', (values, texts) => {
  expect(columnTexts(values)).toEqual(texts);
});
