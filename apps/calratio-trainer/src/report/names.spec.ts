import { efficiencyText } from './names.ts';

it.each([
  [{ value: 0.5, lower: 0.4881, upper: 0.5119 }, '0.500 ±0.012'],
  [{ value: 0.00864, lower: 0.00651, upper: 0.01146 }, '0.0086 +0.0028 −0.0021'],
  [{ value: 0, lower: 0, upper: 0.0013 }, '< 0.0013'],
  [{ value: 1, lower: 0.99, upper: 1 }, '1.000 +0.000 −0.010'],
  [{ value: NaN, lower: NaN, upper: NaN }, '–'],
])('an efficiency has as many decimals as its interval: %p', (interval, text) => {
  expect(efficiencyText({ ...interval, effectiveEntries: 1 }).replaceAll('\u00a0', ' ')).toBe(text);
});
