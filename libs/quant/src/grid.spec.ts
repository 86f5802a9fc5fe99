import type { tf } from '@hep/graph';
import { eagerRunner } from '@hep/nn';
import fc from 'fast-check';
import { codeOf, gridOf } from './grid.ts';
import { parseQuantiser } from './notation.ts';

const texts = [
  'quantized_bits(10,3,0,alpha=1)',
  'quantized_bits(6,0,1)',
  'quantized_bits(4,2,keep_negative=0)',
  'quantized_relu(9,1)',
  'quantized_relu(1,0)',
];

it.each(texts)('%s: codes times the step are its values', async (text) => {
  const quantiser = parseQuantiser(text);
  const grid = gridOf(quantiser.config)!;
  const step = 2 ** grid.exponent;
  const number = fc.oneof(
    fc.integer({ min: -4096, max: 4096 }).map((n) => (n * step) / 2),
    fc.float({ noNaN: true, noDefaultInfinity: true, min: -32, max: 32 }),
  );
  const values = fc.sample(number, { numRuns: 500, seed: 1 });
  const shape = [values.length];
  const { q } = await eagerRunner.run(({ x }) => ({ q: quantiser.apply(x) as tf.Tensor }), {
    x: { shape, values },
  });
  expect(values.map((value) => codeOf(grid, value) * step)).toEqual([...q.values].map((value) => value + 0));
});

it.each([
  'quantized_bits(4,0,alpha="auto_po2")',
  'quantized_bits(1,0,alpha=1)',
  'quantized_bits(4,0,alpha=0.5)',
  'quantized_relu(4,0,negative_slope=0.25)',
  'quantized_po2(4)',
  'ternary()',
])('%s has no grid of one power of two', (text) => {
  expect(gridOf(parseQuantiser(text).config)).toBeNull();
});
