import { chain, input, network, toParameters } from '@hep/nn';
import type { Weights } from '@hep/nn';
import { goldenJson, goldenPath, readAllDatasets } from '@hep/test-support';
import { tf } from '@hep/graph';
import { qDense } from './layers/qdense.ts';
import { flat } from './testing/golden.ts';
import type { Nested } from './testing/golden.ts';
import { quantisedEncoder } from './testing/encoder.ts';
import { weightCodes } from './weight-codes.ts';

beforeAll(() => tf.setBackend('cpu'));

/** Without the sign of zero. */
const plain = (values: Float32Array) => Array.from(values, (value) => value + 0);

type GoldenWeights = Record<string, { weights: Nested[] }>;

it.each([2, 5])('quantises as model_save_quantized_weights of QKeras, %d eLinks', async (elinks) => {
  const name = `8x8_c8_S2_qK_el${elinks}`;
  const stored = await readAllDatasets(goldenPath('quant', `encoder_${name}.hdf5`));
  const weights: Weights = Object.fromEntries(
    [...stored].map(([path, tensor]) => [path.replace(/^\w+\/(\w+\/\w+):0$/, '$1'), tensor]),
  );
  const golden = goldenJson<GoldenWeights>('quant', `${name}_quantized_weights.json`);
  const found = weightCodes(quantisedEncoder(), weights);
  expect(found.map(({ layer, weight }) => `${layer}/${weight}`)).toEqual([
    'conv2d_0_m/kernel',
    'conv2d_0_m/bias',
    'encoded_vector/kernel',
    'encoded_vector/bias',
  ]);
  for (const { layer, weight, values, codes, steps, bits } of found) {
    expect(plain(values)).toEqual(flat(golden[layer].weights[weight === 'kernel' ? 0 : 1]));
    expect([bits, steps]).toEqual([5, [1 / 8]]);
    expect([...codes].map((code) => code / 8)).toEqual(plain(values));
    expect(codes.every((code) => code >= -16 && code <= 15)).toBe(true);
  }
  const again = weightCodes(
    quantisedEncoder(),
    Object.fromEntries(
      found.map(({ layer, weight, shape, values }) => [`${layer}/${weight}`, { shape, values }]),
    ),
  );
  expect(again).toEqual(found);
});

function one(kernelQuantiser: string, values: readonly number[]) {
  const x = input('x', [2]);
  const net = network('n', [x], [chain(x, [qDense({ name: 'd', units: 2, kernelQuantiser })])]);
  const weights = {
    'd/kernel': { shape: [2, 2], values: Float32Array.from(values) },
    'd/bias': { shape: [2], values: new Float32Array(2) },
  };
  return { found: weightCodes(net, weights), parameters: toParameters(net.parameterSpecs, weights), net };
}

it('gives automatic scales one step for each channel, and leaves out what has no quantiser', () => {
  const { found } = one('quantized_bits(4,0,alpha="auto_po2")', [0.3, -1.2, -0.9, 0.2]);
  expect(found.length).toBe(1);
  const [{ steps, codes, values }] = found;
  expect(steps.every((step) => Number.isInteger(Math.log2(step)))).toBe(true);
  expect(plain(values)).toEqual([...codes].map((code, i) => code * steps[i % 2]));
  expect(codes.every((code) => Math.abs(code) <= 7)).toBe(true);
});

it('knows signs, and refuses powers of two', () => {
  expect([...one('binary(alpha=1)', [0.3, -1.2, -0.9, 0]).found[0].codes]).toEqual([1, -1, -1, 1]);
  expect([...one('ternary(alpha=1)', [0.3, -1.2, -0.9, 0]).found[0].codes].map((code) => code + 0)).toEqual([
    0, -1, -1, 0,
  ]);
  expect(() => one('quantized_po2(4)', [0.3, -1.2, -0.9, 0])).toThrow('layer d: values of quantized_po2(4)');
});
