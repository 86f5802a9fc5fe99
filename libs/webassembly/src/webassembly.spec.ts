import fc from 'fast-check';
import {
  compiledOnce,
  get,
  increase,
  integer,
  isLess,
  loadByte,
  memoryOf,
  moduleOf,
  repeatWhile,
} from './index.ts';
import type { FunctionBody } from './index.ts';
import { signed, unsigned } from './numbers.ts';

const [FROM, TO, SUM] = [0, 1, 2];

const sum: FunctionBody = {
  name: 'sum',
  parameters: 2,
  integers: 1,
  result: 'integer',
  body: [
    ...repeatWhile(isLess(get(FROM), get(TO)), [
      ...increase(SUM, loadByte(get(FROM))),
      ...increase(FROM, integer(1)),
    ]),
    ...get(SUM),
  ],
};

const constant = (name: string, value: number): FunctionBody => ({
  name,
  parameters: 0,
  result: 'integer',
  body: integer(value),
});

describe('functions written down', () => {
  it('work in the memory of their host', () => {
    const instance = compiledOnce(() => moduleOf([sum]));
    const memory = memoryOf(10);
    new Uint8Array(memory.buffer).set([1, 2, 3, 250]);
    const bytesSum = instance(memory)['sum'] as (from: number, to: number) => number;
    expect(bytesSum(1, 4)).toBe(255);
    expect((instance(memoryOf(10))['sum'] as typeof bytesSum)(1, 4)).toBe(0);
  });

  it('give back any constant, however many they are', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 300 }), (values) => {
        const bodies = values.map((value, i) => constant(`f${i}`, value));
        const functions = compiledOnce(() => moduleOf(bodies))(memoryOf(1));
        expect(values.map((_, i) => (functions[`f${i}`] as () => number)())).toEqual(values);
      }),
      { numRuns: 20 },
    );
  });
});

it('numbers are stored as the specification shows', () => {
  expect([unsigned(0), unsigned(127), unsigned(624_485)]).toEqual([[0], [127], [0xe5, 0x8e, 0x26]]);
  expect([signed(-1n), signed(63n), signed(64n), signed(-123_456n)]).toEqual([
    [0x7f],
    [0x3f],
    [0xc0, 0],
    [0xc0, 0xbb, 0x78],
  ]);
});
