import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OnnxRunner } from '@hep/engine';
import { chain, conv1d, dense, input, l1, l1l2, l2, lstm, modelOf, network, predict } from '@hep/nn';
import type { NetworkModel, Weights } from '@hep/nn';
import { UserError } from '@hep/options';
import { describeWithFixture, fixturePath, goldenNpy, goldenPath } from '@hep/test-support';
import { kerasJson } from './keras-json.ts';
import { writeKerasModel } from './model-artefacts.ts';
import { modelFromNetwork } from './model-from-network.ts';
import { readKerasNetwork } from './network-file.ts';
import { networkFromModel } from './network-from-model.ts';
import { parseKerasJson, readKerasJson } from './parse-keras-json.ts';

const onnx = new OnnxRunner();
afterAll(() => onnx.close());

let folder = '';
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'network-'))));
afterAll(() => rm(folder, { recursive: true }));

async function outputOf(
  model: NetworkModel,
  weights: Weights,
  image: { shape: number[]; values: Float64Array },
) {
  const [name] = Object.keys(model.inputs);
  const results = await onnx.run(
    ({ image: input, ...parameters }) => predict(model, parameters, { [name]: input }),
    { image, ...weights },
  );
  return results[model.outputs[0]].values;
}

it('tells a mistake in a description as one', async () => {
  const text = await readFile(encoderFiles(2)[0], 'utf8');
  const json = JSON.parse(text) as { config: { input_layers: unknown[] } };
  json.config.input_layers = [];
  expect(() => networkFromModel(parseKerasJson(JSON.stringify(json), 'a'))).toThrow(UserError);
});

const plain = (values: ArrayLike<number>) => Array.from(values, (value) => value + 0);
const encoderFiles = (elinks: number) =>
  [
    goldenPath('quant', `encoder_8x8_c8_S2_qK_el${elinks}.json`),
    goldenPath('quant', `encoder_8x8_c8_S2_qK_el${elinks}.hdf5`),
  ] as const;

describe.each([2, 5])('the encoder of QKeras for %d eLinks', (elinks) => {
  const name = `8x8_c8_S2_qK_el${elinks}`;
  const image = goldenNpy('quant', `${name}_in.npy`);
  const latent = plain(goldenNpy('quant', `${name}_enc.npy`).values);

  it('gives the latent vectors of QKeras, bit for bit', async () => {
    const { model, weights } = await readKerasNetwork(...encoderFiles(elinks));
    expect(plain(await outputOf(model, weights, image))).toEqual(latent);
  });

  it.each(['keras2', 'keras2.15', 'portable'] as const)(
    'is the same after writing it as %s',
    async (form) => {
      const { model, weights } = await readKerasNetwork(...encoderFiles(elinks));
      const tensors = Object.entries(weights).map(([path, tensor]) => ({ name: path, ...tensor }));
      const stem = `${form}_${elinks}`;
      const files = await writeKerasModel(folder, stem, modelFromNetwork(model.network), tensors, '', form);
      const again = await readKerasNetwork(files.json, files.hdf5);
      expect(plain(await outputOf(again.model, again.weights, image))).toEqual(latent);
      expect((await readFile(files.json, 'utf8')).includes('"module"')).toBe(form !== 'keras2');
    },
  );
});

it('writes quantisers as QKeras 0.9.0 reads them', async () => {
  const [json] = encoderFiles(5);
  const network = networkFromModel(await readKerasJson(json));
  const written = kerasJson(modelFromNetwork(network), 'keras2');
  const layers = (text: string) =>
    (JSON.parse(text) as { config: { layers: { config: Record<string, unknown> }[] } }).config.layers.map(
      ({ config }) => config,
    );
  const own = layers(written);
  expect(own.map(({ activation }) => activation).filter((text) => text !== undefined)).toEqual([
    'quantized_bits(10,3,0,alpha=1)',
    'linear',
    'quantized_relu(11,3)',
    'linear',
    'quantized_relu(9,1)',
  ]);
  const theirs = layers(await readFile(json, 'utf8'));
  const bare = (config: unknown): unknown =>
    JSON.parse(JSON.stringify(config), (key, value: unknown) =>
      key === 'module' || key === 'registered_name' ? undefined : value,
    );
  for (const i of [2, 5]) expect(own[i]).toEqual(bare(theirs[i]));
});

describeWithFixture(['ecoder-keras'], 'files of the study', () => {
  const at = (name: string) => fixturePath('ecoder-keras', name);

  it('reads the whole autoencoder and its encoder with the same weights', async () => {
    const whole = await readKerasNetwork(at('S2_qK_ae.json'), at('S2_qK.hdf5'));
    const encoder = await readKerasNetwork(at('S2_qK_encoder.json'), at('encoder_S2_qK.hdf5'));
    for (const [name, { values }] of Object.entries(encoder.weights)) {
      expect(whole.weights[`encoder/${name}`].values).toEqual(values);
    }
    const image = goldenNpy('quant', '8x8_c8_S2_qK_el5_in.npy');
    const decoded = await outputOf(whole.model, whole.weights, image);
    expect(decoded.every((value) => value > 0 && value < 1)).toBe(true);
  });

  it('reads both spellings of quantisers as the same network', async () => {
    const [older, newer] = await Promise.all(
      ['old_form.json', 'new_form.json'].map(async (name) =>
        kerasJson(modelFromNetwork(networkFromModel(await readKerasJson(at(name))))),
      ),
    );
    expect(newer).toBe(older);
  });

  it('reads the float autoencoder, and the same after writing it', async () => {
    const { model, weights } = await readKerasNetwork(at('S2_tele_ae.json'), at('S2_tele.hdf5'));
    const image = goldenNpy('quant', '8x8_c8_S2_qK_el5_in.npy');
    const decoded = await outputOf(model, weights, image);
    expect(new Set(decoded).size).toBeGreaterThan(100);
    const again = networkFromModel(parseKerasJson(kerasJson(modelFromNetwork(model.network)), 'own'));
    expect(await outputOf(modelOf(again), weights, image)).toEqual(decoded);
  });
});

describe('what cannot be read', () => {
  const change = async (edit: (text: string) => string) => {
    const [json, hdf5] = encoderFiles(5);
    const path = join(folder, 'changed.json');
    await writeFile(path, edit(await readFile(json, 'utf8')));
    return readKerasNetwork(path, hdf5);
  };

  it.each<[string, (text: string) => string, string]>([
    [
      'a quantiser that does not parse',
      (text) => text.replace(/"activation": \{[^}]*\{[^}]*\}[^}]*\}/, '"activation": "quantized_bits(10"'),
      'changed.json: layer input_qa: activation: quantiser "quantized_bits(10": expected a text such as',
    ],
    [
      'an impossible quantiser',
      (text) => text.replaceAll('"bits": 5', '"bits": 0'),
      'changed.json: layer encoded_vector: kernel_quantizer: quantized_bits: bits is 0, expected an integer from 1 to 32',
    ],
    [
      'another class',
      (text) => text.replace('"class_name": "Flatten"', '"class_name": "Permute"'),
      'changed.json: layer flatten: class Permute is not supported, expected one of Activation,',
    ],
    [
      'a setting that we lack',
      (text) => text.replace('"dilation_rate": [1, 1]', '"dilation_rate": [2, 2]'),
      'changed.json: layer conv2d_0_m: dilation_rate is [2,2], expected [1,1] in a QConv2D',
    ],
    [
      'a network of other weights',
      (text) => text.replace('"units": 16', '"units": 12'),
      'encoder_8x8_c8_S2_qK_el5.hdf5: tensor encoded_vector/kernel has shape [128, 16], expected [128, 12]',
    ],
    [
      'a network with fewer tensors',
      (text) => text.replace('"use_bias": true', '"use_bias": false'),
      'tensor conv2d_0_m/bias of shape [8] is not part of the model (4 tensors, expected 3)',
    ],
  ])('%s', async (_, edit, message) => {
    await expect(change(edit)).rejects.toThrow(expect.objectContaining({ name: 'UserError' }));
    await expect(change(edit)).rejects.toThrow(message);
  });
});

it('keeps the penalties of kernels and biases', () => {
  const x = input('x', [4, 3]);
  const layers = [
    conv1d({ name: 'c', filters: 2, kernelSize: 1, kernelRegulariser: l1l2(1e-3, 1e-4) }),
    lstm({ name: 'm', units: 2, kernelRegulariser: l2(0.5) }),
    dense({ name: 'y', units: 1, kernelRegulariser: l1(0.25), biasRegulariser: l2(0.125) }),
  ];
  const model = modelFromNetwork(network('small', [x], [chain(x, layers)]));
  expect(modelFromNetwork(networkFromModel(model))).toEqual(model);
  const penalties = networkFromModel(model).parameterSpecs.filter(
    ({ regulariser }) => regulariser !== undefined,
  );
  expect(penalties.map(({ name, regulariser }) => [name, regulariser?.keras?.config])).toEqual([
    ['c/kernel', { l1: 1e-3, l2: 1e-4 }],
    ['m/kernel', { l2: 0.5 }],
    ['y/kernel', { l1: 0.25 }],
    ['y/bias', { l2: 0.125 }],
  ]);
});
