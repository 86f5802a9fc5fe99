import { OnnxRunner } from '@hep/engine';
import type { tf } from '@hep/graph';
import { arrangements, imageFromCharges } from '@hep/hgcal-geometry';
import { SeededNumbers, eagerRunner, heNormal, modelOf, predict, sizeOf } from '@hep/nn';
import type { HostTensor } from '@hep/nn';
import { expectClose } from '@hep/test-support';
import { qActivation } from './layers/qactivation.ts';
import { kerasQuantiser } from './keras.ts';
import { qDense } from './layers/qdense.ts';
import { withinQuantiser } from './layers/quantiser-initialiser.ts';
import { parseQuantiser } from './notation.ts';
import { flat } from './testing/golden.ts';
import { quantisedConv, quantisedEncoder } from './testing/encoder.ts';
import { goldenLayers, hostTensor, layerOf, withGradients } from './testing/golden-layers.ts';

const onnx = new OnnxRunner();
afterAll(() => onnx.close());

const goldens = goldenLayers();
if (goldens === null) {
  console.warn(
    'skipped the layers of QKeras: golden quant/layers.json not found; set HEP_GOLDEN to its folder',
  );
}

(goldens === null ? describe.skip : describe).each([eagerRunner, onnx])(
  'layers of QKeras, $name',
  (runner) => {
    it.each(goldens ?? [])('$name $kind', async (golden) => {
      const results = await runner.run(withGradients(layerOf(golden)), {
        x: hostTensor(golden.x),
        kernel: hostTensor(golden.kernel),
        bias: hostTensor(golden.bias),
      });
      for (const key of ['out', 'grad_sumsq_x', 'grad_sumsq_kernel', 'grad_sumsq_bias'] as const) {
        expectClose(results[key].values, flat(golden[key]), { relative: 1e-5, absolute: 1e-5 }, key);
      }
    });
  },
);

describe('the quantised encoder of the Ecoder study', () => {
  const model = modelOf(quantisedEncoder());
  const ramp = (_: unknown, n: number) => Math.fround(((((7 * n) % 31) - 15) / 16) * 0.6);
  const weights = Object.fromEntries(
    model.parameterSpecs.map(({ name, shape }): [string, HostTensor] => [
      name,
      { shape, values: Float32Array.from({ length: sizeOf(shape) }, ramp) },
    ]),
  );

  it.each([eagerRunner, onnx])('has the latent vector of QKeras on $name', async (runner) => {
    const charges = Float32Array.from({ length: 48 }, (_, k) => ((13 * k) % 29) / 128);
    const image = { shape: [1, 8, 8, 1], values: imageFromCharges(arrangements['8x8'], charges) };
    const apply = ({ image: input, ...parameters }: Record<string, tf.Tensor>) =>
      predict(model, parameters, { image: input });
    const { latent } = await runner.run(apply, { image, ...weights });
    expect([...latent.values]).toEqual([
      0, 0, 0.4453125, 0.4921875, 0.36328125, 0, 0.421875, 0.76953125, 0.28515625, 0, 0, 1.0625, 0.34765625,
      0, 0, 1,
    ]);
  });

  it('keeps its parameters within the bounds of their quantisers', () => {
    for (const { initialiser, constraint, shape, name } of model.parameterSpecs) {
      expect(constraint?.keras.config).toEqual({ min_value: -2, max_value: 2 });
      const values = initialiser.values(shape, new SeededNumbers(1, name));
      expect(values.every((value) => Math.abs(value) <= 2)).toBe(true);
    }
  });

  it('writes the configuration of QKeras', () => {
    const weights = kerasQuantiser(parseQuantiser('quantized_bits(5,1,alpha=1)').config);
    const [activation, conv] = [
      qActivation({ name: 'a', activation: 'quantized_relu(9,1)' }),
      quantisedConv(),
    ];
    expect(activation.kerasConfig().config['activation']).toBe('quantized_relu(9,1)');
    const { className, config } = conv.kerasConfig();
    expect(className).toBe('QConv2D');
    expect(config['kernel_quantizer']).toEqual(weights);
    expect(config['kernel_initializer']).toMatchObject({
      class_name: 'QInitializer',
      config: { initializer: { class_name: 'HeNormal' }, use_scale: true, quantizer: weights },
    });
    expect(config['bias_initializer']).toMatchObject({ class_name: 'Zeros' });
    expect(Object.keys(config).slice(-4)).toEqual([
      'kernel_quantizer',
      'bias_quantizer',
      'kernel_range',
      'bias_range',
    ]);
  });
});

describe('initial values', () => {
  const values = (text: string) =>
    withinQuantiser(heNormal, parseQuantiser(text)).values([1000, 10], new SeededNumbers(3, 'kernel'));

  it('stay as they are when the step resolves them', () => {
    const plain = heNormal.values([1000, 10], new SeededNumbers(3, 'kernel'));
    expect(values('quantized_bits(8,0,alpha=1)')).toEqual(plain);
  });

  it('spread when they would vanish', () => {
    const plain = heNormal.values([1000, 10], new SeededNumbers(3, 'kernel'));
    const spread = values('quantized_bits(3,0,alpha=1)');
    expect(spread[0] / plain[0]).toBeGreaterThan(1.5);
    expect(spread.every((value) => Math.abs(value) <= 1)).toBe(true);
  });
});

it('a kernel quantiser without a scale measures a power of two', () => {
  const layer = qDense({ name: 'd', units: 2, kernelQuantiser: 'quantized_bits(4)' });
  expect(layer.kerasConfig().config['kernel_quantizer']).toMatchObject({
    config: { alpha: 'auto_po2', symmetric: 1 },
  });
});
