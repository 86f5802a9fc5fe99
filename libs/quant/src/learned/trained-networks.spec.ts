import { OnnxRunner } from '@hep/engine';
import { tf } from '@hep/graph';
import { eagerRunner, modelOf, predict, SeededNumbers } from '@hep/nn';
import type { TensorFunction } from '@hep/nn';
import { UserError } from '@hep/options';
import fc from 'fast-check';
import { quantisedEncoder } from '../testing/encoder.ts';
import { learnedEncoder, weightsWithBits } from '../testing/learned-encoder.ts';
import { learnedDefaults } from './learned-settings.ts';
import type { LearnedSettings } from './learned-settings.ts';
import { networkEbops } from './network-ebops.ts';
import { qkerasTwin, smallestFormat } from './qkeras-twin.ts';
import type { WeightedNetwork } from './rebuild-network.ts';
import { settledNetwork } from './settled-network.ts';

const onnx = new OnnxRunner();
afterAll(() => onnx.close());
beforeAll(() => tf.setBackend('cpu'));

const rows = 6;
const numbers = new SeededNumbers(8, 'image');
const image = {
  shape: [rows, 8, 8, 1],
  values: Float32Array.from({ length: rows * 64 }, () => 3 * numbers.uniform() - 0.5),
};

/** Results of a network for the image; the latent vector is on a grid, so they are exact. */
async function latentOf({ network, weights }: WeightedNetwork, runner: typeof eagerRunner | OnnxRunner) {
  const model = modelOf(network);
  const apply: TensorFunction = ({ image: given, ...parameters }) =>
    predict(model, parameters, { image: given });
  const results = await runner.run(apply, { image, ...weights });
  return [...results['latent'].values].map((value) => value + 0);
}

const { activation } = learnedDefaults;
const settings = (change: Partial<LearnedSettings>): LearnedSettings => ({ ...activation, ...change });

/** Bits that differ from element to element, some 0, some groups reaching beyond the image's numbers. */
const varied = (kind: string, position: number) => {
  if (kind === 'kernel_bits') return position % 7;
  if (kind === 'kernel_integer') return (position % 3) - 1;
  if (kind === 'bias_bits') return position % 5;
  if (kind === 'input_integer') return (position % 4) - 1;
  if (kind === 'input_fraction') return (position % 6) - 1;
  return kind === 'bias' ? Math.sin(position) : undefined;
};

const inputs = [
  settings({ overflow: 'SAT', keepNegative: false, rounding: 'RND_CONV' }),
  settings({ overflow: 'SAT_SYM' }),
  settings({ overflow: 'WRAP' }),
  settings({ overflow: 'WRAP', keepNegative: false, rounding: 'TRN' }),
];

describe('a settled network', () => {
  it.each(inputs)('gives the numbers of the learned one, %j', async (input) => {
    const network = learnedEncoder({ input });
    const trained = { network, weights: weightsWithBits(network, varied) };
    const settled = settledNetwork(trained);
    const expected = await latentOf(trained, eagerRunner);
    expect(new Set(expected).size).toBeGreaterThan(10);
    expect(await latentOf(settled, eagerRunner)).toEqual(expected);
    expect(await latentOf(settled, onnx)).toEqual(expected);
    expect(settled.network.parameterSpecs.map(({ name }) => name)).toEqual(Object.keys(settled.weights));
  });
});

describe('a twin for QKeras', () => {
  const tensorwise = { granularity: 'tensor', rounding: 'RND_CONV', overflow: 'SAT' } as const;
  const bits = (integer: number, fraction: number) => (kind: string, position: number) =>
    kind === 'input_integer' ? integer : kind === 'input_fraction' ? fraction : varied(kind, position);
  const encoder = (input: LearnedSettings, integer = 1, fraction = 4): WeightedNetwork => {
    const network = learnedEncoder({ input });
    return { network, weights: weightsWithBits(network, bits(integer, fraction)) };
  };

  it.each([
    settings({ ...tensorwise }),
    settings({ ...tensorwise, overflow: 'SAT_SYM' }),
    settings({ ...tensorwise, keepNegative: false }),
  ])('gives the numbers of the learned network, %j', async (input) => {
    const trained = encoder(input);
    const twin = qkerasTwin(trained);
    expect(await latentOf(twin, eagerRunner)).toEqual(await latentOf(trained, eagerRunner));
    const classes = twin.network.nodes.map(({ layer }) => layer?.kerasConfig().className);
    expect(classes).toEqual([
      undefined,
      'QActivation',
      'QConv2D',
      'Activation',
      'Flatten',
      'QActivation',
      'QDense',
      'QActivation',
    ]);
  });

  it.each([
    [settings({ ...tensorwise, granularity: 'element' }), undefined, 'its elements have bits of their own'],
    [
      settings({ ...tensorwise, rounding: 'RND' }),
      [1, 4],
      'it is quantised with RND and SAT, QKeras has RND_CONV',
    ],
    [settings({ ...tensorwise }), [-1, 4], 'it has -1 integer and 4 fraction bits'],
  ] as const)('is refused in one line for %j', (input, widths, reason) => {
    const network = learnedEncoder({ input });
    const weights = weightsWithBits(network, widths === undefined ? varied : bits(widths[0], widths[1]));
    expect(() => qkerasTwin({ network, weights })).toThrow(UserError);
    expect(() => qkerasTwin({ network, weights })).toThrow(
      `no QKeras file: the input of conv has no format of QKeras, ${reason}`,
    );
  });

  it('has the smallest format that holds all numbers', () => {
    const format = (...values: number[]) => smallestFormat('w', Float32Array.from(values)).config;
    expect(format(0.5, -1)).toMatchObject({ bits: 2, integer: 0 });
    expect(format(0.5, 1)).toMatchObject({ bits: 3, integer: 1 });
    expect(format(-2, 0.125)).toMatchObject({ bits: 5, integer: 1 });
    expect(format(0)).toMatchObject({ bits: 2, integer: 0 });
    expect(() => format(4096, 2 ** -13)).toThrow(
      'no QKeras file: w has no format of QKeras, its numbers need 27 bits',
    );
    const anyValues = fc.array(fc.integer({ min: -300, max: 300 }), { minLength: 1 });
    fc.assert(
      fc.property(anyValues, fc.integer({ min: -2, max: 6 }), (codes, fraction) => {
        const values = Float32Array.from(codes, (code) => code * 2 ** -fraction);
        const found = tf.tidy(() => smallestFormat('w', values).apply(tf.tensor1d(values)).dataSync());
        expect([...found].map((value) => value + 0)).toEqual([...values].map((value) => value + 0));
      }),
    );
  });
});

describe('effective bit operations of networks', () => {
  const ebops = (trained: WeightedNetwork) => networkEbops(trained);

  it('of QKeras layers count the bits of both factors, and of the bias for each pixel of the input', () => {
    expect(ebops({ network: quantisedEncoder(), weights: {} })).toEqual([
      { layer: 'conv2d_0_m', ebops: 11 * 11 * 8 * 10 * 5 + 64 * 8 * 5 },
      { layer: 'encoded_vector', ebops: 128 * 16 * 11 * 5 + 16 * 5 },
    ]);
  });

  it('of learned layers are those of the fixed formats with as many bits', () => {
    const input = settings({ overflow: 'SAT', keepNegative: false });
    const kernel = { ...learnedDefaults.kernel, overflow: 'SAT' } as const;
    const bias = { ...learnedDefaults.bias, overflow: 'SAT' } as const;
    const network = learnedEncoder({ input, kernel, bias });
    const weights = weightsWithBits(network, (kind) =>
      kind.endsWith('_bits') ? 4 : kind === 'input_integer' ? 3 : kind === 'input_fraction' ? 7 : undefined,
    );
    expect(ebops({ network, weights })).toEqual([
      { layer: 'conv', ebops: 11 * 11 * 8 * 10 * 5 + 64 * 8 * 5 },
      { layer: 'dense', ebops: 128 * 16 * 10 * 5 + 16 * 5 },
    ]);
  });

  it('are unknown where something is not quantised', () => {
    const { network } = qkerasTwin(
      twinOf(
        learnedEncoder({ input: settings({ granularity: 'tensor', rounding: 'RND_CONV', overflow: 'SAT' }) }),
      ),
    );
    expect(ebops({ network, weights: {} })).not.toBeNull();
    expect(ebops({ network: settledNetwork(twinOf(learnedEncoder())).network, weights: {} })).toBeNull();
  });

  const twinOf = (network: ReturnType<typeof learnedEncoder>): WeightedNetwork => ({
    network,
    weights: weightsWithBits(network, () => undefined),
  });
});
