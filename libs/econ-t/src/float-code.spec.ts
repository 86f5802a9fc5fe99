import fc from 'fast-check';
import {
  calibrationFromEta,
  CHARGE_CODE,
  codeCount,
  decodeFloat,
  encodeFloat,
  SUM_CODE,
  WIDE_SUM_CODE,
} from './index.ts';
import type { FloatFormat } from './index.ts';

/** Codes that the chip's emulator gave. */
const codes: readonly (readonly [string, FloatFormat, number, readonly (readonly [number, number])[]])[] = [
  [
    '5E+4M',
    WIDE_SUM_CODE,
    0,
    [
      [0, 0],
      [15, 15],
      [16, 16],
      [31, 31],
      [32, 32],
      [33, 32],
      [63, 47],
      [64, 48],
      [100, 57],
      [255, 79],
      [256, 80],
      [1000, 111],
      [12345, 168],
      [65535, 207],
      [2 ** 20, 272],
      [2 ** 22 - 1, 303],
    ],
  ],
  [
    '4E+3M less 1 bit',
    CHARGE_CODE,
    1,
    [
      [0, 0],
      [1, 0],
      [2, 1],
      [15, 7],
      [16, 8],
      [31, 15],
      [32, 16],
      [100, 28],
      [1000, 55],
      [4095, 71],
      [65535, 103],
      [262143, 119],
      [262144, 120],
      [524287, 127],
      [2 ** 20, 127],
    ],
  ],
  [
    '4E+3M less 3 bits',
    CHARGE_CODE,
    3,
    [
      [7, 0],
      [8, 1],
      [63, 7],
      [64, 8],
      [100, 12],
      [1000, 39],
      [4095, 55],
      [65535, 87],
      [2097151, 127],
    ],
  ],
  [
    '4E+3M',
    CHARGE_CODE,
    0,
    [
      [7, 7],
      [8, 8],
      [100, 36],
      [1000, 63],
      [131071, 119],
      [262143, 127],
    ],
  ],
];

it.each(codes)('%s has the codes of the chip', (_, format, dropped, table) => {
  for (const [value, code] of table)
    expect([value, encodeFloat(value, format, dropped)]).toEqual([value, code]);
});

it.each([
  [
    1,
    [
      [0, 1],
      [1, 3],
      [7, 15],
      [8, 17],
      [15, 31],
      [16, 34],
      [127, 507904],
    ],
  ],
  [
    3,
    [
      [0, 4],
      [1, 12],
      [127, 2031616],
    ],
  ],
])('charges less %i bits are decoded to bin centres', (dropped, table) => {
  for (const [code, value] of table)
    expect([code, decodeFloat(code, CHARGE_CODE, dropped)]).toEqual([code, value]);
});

it('has other points of a bin', () => {
  const points = (['edge', 'quarter', 'centre'] as const).map((point) =>
    decodeFloat(40, CHARGE_CODE, 0, point),
  );
  expect(points).toEqual([128, 132, 136]);
});

describe.each([
  ['4E+3M', CHARGE_CODE],
  ['5E+3M', SUM_CODE],
  ['5E+4M', WIDE_SUM_CODE],
])('%s', (_, format) => {
  const value = fc.integer({ min: 0, max: 2 ** 28 });
  const dropped = fc.integer({ min: 0, max: 4 });

  it('keeps the order of numbers', () => {
    fc.assert(
      fc.property(value, value, dropped, (a, b, bits) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(encodeFloat(low, format, bits)).toBeLessThanOrEqual(encodeFloat(high, format, bits));
      }),
    );
  });

  it('gives every code back from all points of its bin', () => {
    for (let code = 0; code < codeCount(format); code++) {
      for (const bits of [0, 1, 3]) {
        for (const point of ['edge', 'quarter', 'centre'] as const) {
          const number = decodeFloat(code, format, bits, point);
          if (number < 2 ** 32) expect(encodeFloat(number, format, bits)).toBe(code);
        }
      }
    }
  });

  it('is off by less than half a step below its largest number', () => {
    fc.assert(
      fc.property(value, dropped, (number, bits) => {
        const code = encodeFloat(number, format, bits);
        if (code === codeCount(format) - 1) return;
        const width = decodeFloat(code + 1, format, bits, 'edge') - decodeFloat(code, format, bits, 'edge');
        expect(Math.abs(decodeFloat(code, format, bits) - number)).toBeLessThanOrEqual(width / 2);
      }),
    );
  });
});

it('calibrates to transverse energy', () => {
  expect([...calibrationFromEta([0, 1.5, 2, 3])]).toEqual([2048, 871, 544, 203]);
});
