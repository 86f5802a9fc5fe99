import { generateToy, normalise } from '@hep/datasets';
import { OnnxRunner } from '@hep/engine';
import type { tf } from '@hep/graph';
import { imageFromCharges } from '@hep/hgcal-geometry';
import { integerNetwork } from '@hep/integer-network';
import { initialise, predict } from '@hep/nn';
import type { HostTensor } from '@hep/nn';
import type { QuantisationOptions } from './quantisation.ts';
import { ecoderModel, floatModelNames, quantisedName } from './zoo.ts';
import type { EcoderModel } from './zoo.ts';

const onnx = new OnnxRunner();
afterAll(() => onnx.close());

/** The encoder's weights twice as wide as at the start, and biases, so that rectifiers and saturation are at work. */
function livelyWeights({ encoder: { parameterSpecs } }: EcoderModel): Record<string, HostTensor> {
  return Object.fromEntries(
    Object.entries(initialise(parameterSpecs, 3)).map(([name, { shape, values }]) => [
      name,
      {
        shape,
        values: values.map((value, i) => (name.endsWith('/bias') ? ((7 * i) % 11) / 64 - 0.05 : 2 * value)),
      },
    ]),
  );
}

async function latentOnBothSides(model: EcoderModel, rows: number) {
  const { encoder, arrangement } = model;
  const weights = livelyWeights(model);
  const { fractions } = normalise(generateToy({ rows, seed: 5 }).charges, 'power-of-two');
  const images = imageFromCharges(arrangement, fractions);
  const [latent] = encoder.outputs;
  const apply = ({ input_1, ...parameters }: Record<string, tf.Tensor>) => ({
    latent: predict(encoder, parameters, { input_1 })[latent],
  });
  const given = { input_1: { shape: [rows, ...arrangement.shape], values: images }, ...weights };
  const inFloat32 = (await onnx.run(apply, given))['latent'].values;
  return { inFloat32, inIntegers: integerNetwork(encoder.network, weights).values(images) };
}

const differences = (first: Float32Array, second: Float32Array) =>
  first.reduce((count, value, i) => count + Number(value !== second[i]), 0);

describe('encoders in integers equal those in float32, bit for bit', () => {
  it.each<[string, QuantisationOptions]>([
    ['5 eLinks, weights of the study', { elinks: 5 }],
    ['2 eLinks, weights of the study', { elinks: 2 }],
    ['5 eLinks, weights of the chip', { elinks: 5, preset: 'asic' }],
  ])('%s: 10 000 toy wafers', async (_, options) => {
    const { inFloat32, inIntegers } = await latentOnBothSides(
      ecoderModel('8x8_c8_S2_tele_qK', options),
      10_000,
    );
    expect(inIntegers.length).toBe(160_000);
    expect(differences(inIntegers, inFloat32)).toBe(0);
    expect(new Set(inIntegers).size).toBeGreaterThan(0.8 * 2 ** (options.elinks === 2 ? 3 : 9));
  });

  it.each([2, 3, 4, 5])('the conditional autoencoder on %d eLinks, signed and truncated', async (elinks) => {
    const { inFloat32, inIntegers } = await latentOnBothSides(ecoderModel('cae', { elinks }), 2000);
    expect(differences(inIntegers, inFloat32)).toBe(0);
    expect(new Set(inIntegers).size).toBeGreaterThan(2 ** elinks);
    expect(Math.min(...inIntegers)).toBeLessThan(0);
  });

  it.each(floatModelNames.map(quantisedName))('%s', async (name) => {
    const { inFloat32, inIntegers } = await latentOnBothSides(ecoderModel(name), 100);
    expect(differences(inIntegers, inFloat32)).toBe(0);
    expect(new Set(inIntegers).size).toBeGreaterThan(20);
  });
});
