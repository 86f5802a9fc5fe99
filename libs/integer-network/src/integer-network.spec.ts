import { OnnxRunner } from '@hep/engine';
import type { tf } from '@hep/graph';
import { arrangements, imageFromCharges } from '@hep/hgcal-geometry';
import {
  SeededNumbers,
  chain,
  concatenate,
  connect,
  dense,
  input,
  modelOf,
  network,
  predict,
  sizeOf,
} from '@hep/nn';
import type { HostTensor, Network, Weights } from '@hep/nn';
import { qActivation, qConv2d, qDense } from '@hep/quant';
import { goldenNpy, goldenPath, presentGolden, readAllDatasets } from '@hep/test-support';
import fc from 'fast-check';
import { integerNetwork } from './integer-network.ts';
import { encoder, studyBits } from './testing/networks.ts';

const onnx = new OnnxRunner();
afterAll(() => onnx.close());

/** Without the sign of zero, which integers do not have. */
const plain = (values: ArrayLike<number>) => Array.from(values, (value) => value + 0);

async function goldenWeights(elinks: number): Promise<Weights> {
  const stored = await readAllDatasets(goldenPath('quant', `encoder_8x8_c8_S2_qK_el${elinks}.hdf5`));
  return Object.fromEntries(
    [...stored].map(([path, tensor]) => [path.replace(/^\w+\/(\w+\/\w+):0$/, '$1'), tensor]),
  );
}

describe.each([
  [2, 3],
  [5, 9],
])('the encoder that QKeras trained for %d eLinks', (elinks, bits) => {
  it('has the latent vectors of QKeras, bit for bit', async () => {
    const integers = integerNetwork(encoder(studyBits(bits)), await goldenWeights(elinks));
    const name = `8x8_c8_S2_qK_el${elinks}`;
    const latent = integers.values(goldenNpy('quant', `${name}_in.npy`).values);
    expect(plain(latent)).toEqual(plain(goldenNpy('quant', `${name}_enc.npy`).values));
    expect(integers.outputStep).toBe(2 ** (1 - bits));
  });
});

it.each(presentGolden(['golden', 'grid'], (set) => ['interop', `hls_el5_${set}_x.npy`]))(
  'agrees with the simulation of the firmware by hls4ml on the %s modules',
  async (set) => {
    const integers = integerNetwork(encoder(studyBits(9)), await goldenWeights(5));
    const latent = integers.values(goldenNpy('interop', `hls_el5_${set}_x.npy`).values);
    expect(plain(latent)).toEqual(plain(goldenNpy('interop', `hls_el5_${set}_hls.npy`).values));
  },
);

it('computes the example of the specification', () => {
  const ramp = (_: unknown, n: number) => Math.fround(((((7 * n) % 31) - 15) / 16) * 0.6);
  const net = encoder(studyBits());
  const weights = Object.fromEntries(
    net.parameterSpecs.map(({ name, shape }) => [
      name,
      { shape, values: Float32Array.from({ length: sizeOf(shape) }, ramp) },
    ]),
  );
  const charges = Float32Array.from({ length: 48 }, (_, k) => ((13 * k) % 29) / 128);
  const integers = integerNetwork(net, weights);
  expect([...integers.values(imageFromCharges(arrangements['8x8'], charges))]).toEqual([
    0, 0, 0.4453125, 0.4921875, 0.36328125, 0, 0.421875, 0.76953125, 0.28515625, 0, 0, 1.0625, 0.34765625, 0,
    0, 1,
  ]);
});

/** Random weights within [-1.5, 1.5], many of them on ties of coarse grids. */
function randomWeights({ parameterSpecs }: Network, seed: number): Record<string, HostTensor> {
  return Object.fromEntries(
    parameterSpecs.map(({ name, shape }) => {
      const numbers = new SeededNumbers(seed, name);
      const value = () => {
        const uniform = (numbers.uniform() - 0.5) * 3;
        return numbers.uniform() < 0.3 ? Math.round(uniform * 16) / 16 : uniform;
      };
      return [name, { shape, values: Float32Array.from({ length: sizeOf(shape) }, value) }];
    }),
  );
}

function randomImages(rows: number, seed: number): Float32Array {
  const numbers = new SeededNumbers(seed, 'images');
  return Float32Array.from({ length: rows * 64 }, () =>
    numbers.uniform() < 0.5 ? 0 : numbers.uniform() ** 3,
  );
}

async function inFloat32(net: Network, weights: Weights, images: Float32Array): Promise<Float32Array> {
  const model = modelOf(net);
  const [output] = model.outputs;
  const apply = ({ image, ...parameters }: Record<string, tf.Tensor>) => ({
    result: predict(model, parameters, { image })[output],
  });
  const rows = images.length / 64;
  const { result } = await onnx.run(apply, { image: { shape: [rows, 8, 8, 1], values: images }, ...weights });
  return result.values;
}

it('puts images side by side by their channels, whatever their steps', async () => {
  const image = input('image', [8, 8, 1]);
  const quantised = chain(image, [qActivation({ name: 'image_qa', activation: 'quantized_bits(8,1)' })]);
  const branch = (name: string, weights: string) =>
    connect(
      qConv2d({ name, filters: 2, kernelSize: 3, kernelQuantiser: weights, biasQuantiser: weights }),
      quantised,
    );
  const branches = [
    branch('fine', 'quantized_bits(6,0,alpha=1)'),
    branch('coarse', 'quantized_bits(4,1,alpha=1)'),
  ];
  const weights = {
    kernelQuantiser: 'quantized_bits(5,1,alpha=1)',
    biasQuantiser: 'quantized_bits(5,1,alpha=1)',
  };
  const latent = chain(connect(concatenate({ name: 'joined' }), ...branches), [
    qActivation({ name: 'joined_qa', activation: 'quantized_relu(9,2)' }),
    qConv2d({ name: 'last', filters: 1, kernelSize: 2, ...weights }),
  ]);
  const net = network('branches', [image], [latent]);
  const [parameters, images] = [randomWeights(net, 5), randomImages(6, 5)];
  const integers = integerNetwork(net, parameters).values(images);
  expect(plain(integers)).toEqual(plain(await inFloat32(net, parameters, images)));
});

describe('random networks', () => {
  it('equal the float32 network for any bits of the family', async () => {
    const signed = fc
      .tuple(fc.integer({ min: 2, max: 8 }), fc.integer({ min: 0, max: 2 }))
      .map(([bits, integer]) => `quantized_bits(${bits},${integer},0,alpha=1)`);
    const positive = fc
      .tuple(fc.integer({ min: 3, max: 11 }), fc.integer({ min: 0, max: 3 }))
      .map(([bits, integer]) => `quantized_relu(${bits},${integer})`);
    const bits = fc.record({
      input: fc.constantFrom('quantized_bits(10,3,0,alpha=1)', 'quantized_bits(8,0,0,alpha=1)'),
      weights: signed,
      bias: signed,
      accumulator: positive,
      latent: positive,
    });
    await fc.assert(
      fc.asyncProperty(bits, fc.boolean(), fc.nat(1000), async (formats, pooled, seed) => {
        const net = encoder(formats, pooled);
        const weights = randomWeights(net, seed);
        const images = randomImages(20, seed);
        const expected = await inFloat32(net, weights, images);
        expect(plain(integerNetwork(net, weights).values(images))).toEqual(plain(expected));
      }),
      { numRuns: 25, seed: 7 },
    );
  });

  it('sum beyond 32 bits where the formats ask for it', () => {
    const image = input('x', [4]);
    const wide = 'quantized_bits(24,8,0,alpha=1)';
    const net = network(
      'wide',
      [image],
      [
        chain(image, [
          qActivation({ name: 'in', activation: wide }),
          qDense({ name: 'd', units: 1, kernelQuantiser: wide, biasQuantiser: wide }),
        ]),
      ],
    );
    const weights = {
      'd/kernel': { shape: [4, 1], values: Float32Array.of(100, 200, -50, 1.5) },
      'd/bias': { shape: [1], values: Float32Array.of(0.25) },
    };
    const [sum] = integerNetwork(net, weights).codes([200, 100, 1, 3]);
    expect(sum * 2 ** -30).toBe(20000 + 20000 - 50 + 4.5 + 0.25);
  });
});

describe('what has no integers', () => {
  const image = input('x', [4]);
  const first = qActivation({ name: 'in', activation: 'quantized_bits(8,0,0,alpha=1)' });
  const refused = (...layers: Parameters<typeof chain>[1]) => {
    const net = network('net', [image], [chain(image, layers)]);
    return () => integerNetwork(net, randomWeights(net, 1));
  };
  const quantised = 'quantized_bits(4,0,0,alpha=1)';

  it('is refused in one line', () => {
    expect(refused(dense({ name: 'd', units: 2 }))).toThrow('expected a QActivation right after the input');
    expect(refused(first, dense({ name: 'd', units: 2 }))).toThrow(
      'layer d: Dense cannot be computed in integers',
    );
    expect(refused(first, qDense({ name: 'd', units: 2, biasQuantiser: quantised }))).toThrow(
      'layer d: no kernel_quantizer',
    );
    const automatic = { kernelQuantiser: 'quantized_bits(4,0)', biasQuantiser: quantised };
    expect(refused(first, qDense({ name: 'd', units: 2, ...automatic }))).toThrow(
      "layer d: kernel_quantizer quantized_bits(4,0,1,alpha='auto_po2') has no single step",
    );
    const fine = { kernelQuantiser: 'quantized_bits(32,0,0,alpha=1)', biasQuantiser: quantised };
    expect(
      refused(
        qActivation({ name: 'in', activation: 'quantized_bits(32,0,0,alpha=1)' }),
        qDense({ name: 'd', units: 2, ...fine }),
      ),
    ).toThrow('expected at most 2^53');
  });

  it('neither are rows of another length', () => {
    const net = network('net', [image], [chain(image, [first])]);
    expect(() => integerNetwork(net, {}).codes([1, 2, 3])).toThrow(
      '3 input numbers, expected a multiple of 4',
    );
  });
});
