import { readFileSync } from 'node:fs';
import { chain, concatenate, connect, dense, input, network } from '@hep/nn';
import { describeWithFixture, fixturePath, goldenPath } from '@hep/test-support';
import { kerasJson } from './keras-json.ts';
import { functionalModel, type FunctionalModel } from './keras-layer.ts';
import { modelFromNetwork } from './model-from-network.ts';
import { parseKerasJson, readKerasJson } from './parse-keras-json.ts';
import { autoencoder, encoder } from './telescope-autoencoder.fixture.ts';

/** Class, name and connections of every layer, which is what decides the computation besides the configuration. */
function outline(model: FunctionalModel): unknown[] {
  return model.layers.map((layer) =>
    layer.kind === 'model'
      ? [layer.name, layer.inbound, outline(layer.model)]
      : [layer.name, layer.className, layer.inbound],
  );
}

const x = input('x', [4]);
const small = network('inner', [x], [chain(x, [dense({ name: 'd', units: 2 })])]);

describe('kerasJson', () => {
  it('describes the same network as the reference', () => {
    const text = readFileSync(goldenPath('models', 'S2_tele_arch.json'), 'utf8');
    const reference = parseKerasJson(text, 'arch');
    expect(outline(autoencoder)).toEqual(outline(reference));
    expect(autoencoder.outputs).toEqual(reference.outputs);
    const convolution = (model: FunctionalModel) =>
      model.layers.flatMap((layer) => (layer.kind === 'model' ? layer.model.layers : [])).at(1);
    const { config } = convolution(autoencoder) as { config: object };
    expect((convolution(reference) as { config: object }).config).toMatchObject(config);
  });

  it('is read back unchanged', () => {
    expect(parseKerasJson(kerasJson(autoencoder), 'own')).toEqual(autoencoder);
    expect(parseKerasJson(kerasJson(encoder), 'own')).toEqual(encoder);
  });

  it('keeps the calls of a shared nested model apart', () => {
    const [a, b] = [input('a', [4]), input('b', [4])];
    const both = connect(concatenate({ name: 'both' }), connect(small, a), connect(small, b));
    const twice = modelFromNetwork(network('twice', [a, b], [both]));
    const { config } = JSON.parse(kerasJson(twice)) as {
      config: { layers: { name: string; inbound_nodes: unknown }[] };
    };
    const joined = config.layers.find((layer) => layer.name === 'both');
    expect(joined?.inbound_nodes).toEqual([
      [
        ['inner', 1, 0, {}],
        ['inner', 3, 0, {}],
      ],
    ]);
    expect(parseKerasJson(kerasJson(twice), 'own')).toEqual(twice);
  });

  it.each(['S2_tele', 'S2_emdloss', 'pool_tele', 'qK_tele', 'calratio_final', 'calratio_original'])(
    'lists the layers of %s in the order of Keras',
    (name) => {
      const text = readFileSync(goldenPath('models', `${name}_arch.json`), 'utf8');
      const stored = (JSON.parse(text) as { config: { layers: { name: string }[] } }).config.layers;
      const names = parseKerasJson(text, name).layers.map((layer) => layer.name);
      expect(names).toEqual(stored.map((layer) => layer.name));
    },
  );

  it('refuses descriptions that are no model', () => {
    const model = modelFromNetwork(small);
    const { layers } = model;
    expect(() => functionalModel({ ...model, outputs: ['e'] })).toThrow(
      'its output uses call 0 of e, which has 0',
    );
    expect(() => functionalModel({ ...model, layers: [...layers, layers[1]!] })).toThrow(
      'two layers are named d',
    );
    expect(() => functionalModel({ ...model, outputs: ['x'] })).toThrow('no output needs layer d');
    expect(() => functionalModel({ ...model, inputs: ['d'] })).toThrow('d is not an InputLayer');
  });
});

describe('readKerasJson', () => {
  it.each([
    ['{"a"', 'm.json: not JSON'],
    ['[]', 'the file is not an object'],
    ['{"config":{"name":"m","layers":7}}', 'layers of m is not a list'],
    [
      '{"config":{"name":"m","layers":[{"name":"x","inbound_nodes":[[["y",0,0]]]}]}}',
      'config of x is not an object',
    ],
  ])('tells what is wrong with %s', (text, message) => {
    expect(() => parseKerasJson(text, 'm.json')).toThrow(message);
    expect(() => parseKerasJson(text, 'm.json')).toThrow(expect.objectContaining({ name: 'UserError' }));
  });

  it('names a missing file', async () => {
    await expect(readKerasJson('/nowhere/m.json')).rejects.toThrow(
      '/nowhere/m.json: cannot be opened (no such file)',
    );
  });
});

describeWithFixture(['ecoder-keras'], 'real architecture files', () => {
  it.each(['S2_tele_ae.json', 'S2_tele_encoder.json', 'S2_qK_ae.json', 'S2_qK_encoder.json'])(
    'reads %s',
    async (name) => {
      const model = await readKerasJson(fixturePath('ecoder-keras', name));
      expect(parseKerasJson(kerasJson(model), name)).toEqual(model);
    },
  );
});
