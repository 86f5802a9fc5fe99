import { readFileSync } from 'node:fs';
import { eagerRunner, initialise, parameterCount, predict, withinPath } from '@hep/nn';
import type { NetworkModel } from '@hep/nn';
import { kerasWeightNames, modelFromNetwork } from '@hep/model-files';
import { describeWithFixture, expectClose, fixturePath, goldenJson } from '@hep/test-support';
import { JET_INPUTS, calRatioNetwork } from './index.ts';
import { withPrefix } from './players.ts';
import { pathOf } from './testing/golden-calratio.ts';

interface KerasArchitecture {
  readonly config: {
    readonly name: string;
    readonly layers: { readonly class_name: string; readonly config: Record<string, unknown> }[];
    readonly input_layers: [string, number, number][];
    readonly output_layers: [string, number, number][];
  };
}

interface GoldenParameters {
  readonly original: number;
  readonly discriminator: number;
  readonly final: number;
  readonly layers: { weights: { name: string; shape: number[]; trainable: boolean }[] }[];
}

const { classifier, discriminator, original, mainLogits, adversaryLogit } = calRatioNetwork();

describe('CalRatio network', () => {
  it('has the parameters of the reference', () => {
    const golden = goldenJson<GoldenParameters>('models', 'calratio_params.json');
    expect(parameterCount(original.parameterSpecs)).toBe(golden.original);
    expect(parameterCount(discriminator.parameterSpecs)).toBe(golden.discriminator);
    expect(parameterCount(classifier.parameterSpecs)).toBe(golden.final);
    const expected = golden.layers.flatMap(({ weights }) =>
      weights.map(({ name, shape, trainable }) => ({ name: pathOf(name), shape, trainable })),
    );
    const found = original.parameterSpecs.map(({ name, shape, trainable }) => ({ name, shape, trainable }));
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect(found.sort(byName)).toEqual(expected.sort(byName));
  });

  it('shares its parameters between the models', () => {
    const names = (models: NetworkModel[]) =>
      new Set(models.flatMap(({ parameterSpecs }) => parameterSpecs.map(({ name }) => name)));
    expect(names([mainLogits, adversaryLogit])).toEqual(names([original]));
    expect(names([classifier])).toEqual(names([mainLogits]));
    expect(names([discriminator])).toEqual(names([original]));
  });

  it.each([
    ['final', classifier],
    ['discriminator', discriminator],
    ['original', original],
  ])("describes the %s model with the reference's layers, names and connections", (name, model) => {
    const { config } = goldenJson<KerasArchitecture>('models', `calratio_${name}_arch.json`);
    const ends = (layers: [string, number, number][]) => layers.map(([layer]) => layer);
    expect(model.network.inputs.map((node) => node.name)).toEqual(ends(config.input_layers));
    expect(model.outputs).toEqual(ends(config.output_layers));
    const ours = new Map(
      model.network.nodes.flatMap(({ layer }) => (layer === null ? [] : [[layer.name, layer.kerasConfig()]])),
    );
    const theirs = config.layers.filter((layer) => layer.class_name !== 'InputLayer');
    expect(new Set(ours.keys())).toEqual(new Set(theirs.map((layer) => layer.config['name'])));
    for (const { class_name: className, config: expected } of theirs) {
      const layer = ours.get(expected['name'] as string)!;
      expect({ ...layer, config: comparable(layer.config) }).toEqual({
        className,
        config: comparable(expected),
      });
    }
  });

  it('can be written to files', () => {
    const model = modelFromNetwork(original.network);
    expect(new Set(kerasWeightNames(model))).toEqual(
      new Set(original.parameterSpecs.map(({ name }) => name)),
    );
  });

  it('stacks LSTMs, or takes the mean where there are no units', () => {
    const stacked = calRatioNetwork({
      lstmLayers: 2,
      lstmUnits: { constit: 4, track: 0, MSeg: 4 },
      filters: { constit: [8, 8], track: [8], MSeg: [8] },
    });
    const names = stacked.classifier.network.nodes.map((node) => node.name);
    expect(names).toEqual(
      expect.arrayContaining(['lstm', 'lstm_1', 'lstm_2', 'lstm_3', 'global_average_pooling1d']),
    );
    expect(names).toEqual(expect.arrayContaining(['conv1d', 'constit_final_conv1d', 'track_final_conv1d']));
    expect(stacked.classifier.network.outputs[0].shape).toEqual([3]);
  });

  it.each([
    [{ dropout: 1 }, 'dropout: 1, expected 0 <= dropout < 1'],
    [{ lstmLayers: 0 }, 'LSTM layers: 0'],
    [{ hiddenLayerFraction: 0.01 }, 'hidden layer fraction 0.01 leaves a layer without units'],
    [{ regularisation: -1 }, 'regularisation: -1'],
    [{ filters: { constit: [], track: [8], MSeg: [8] } }, 'filters of constit: []'],
    [{ lstmUnits: { constit: 1, track: 0.5, MSeg: 1 } }, 'LSTM units of track: 0.5'],
  ])('refuses %j', (config, message) => {
    expect(() => calRatioNetwork(config)).toThrow(message);
  });
});

/** What must agree: dropout differs in the golden models, numbers were rounded to float32, axes may count from the end. */
function comparable(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const rounded = JSON.parse(
    JSON.stringify(config, (_, value: unknown) => (typeof value === 'number' ? Math.fround(value) : value)),
  ) as Record<string, unknown>;
  const apart = new Set(['trainable', 'rate', 'axis', 'batch_input_shape']);
  return Object.fromEntries(Object.entries(rounded).filter(([key]) => !apart.has(key)));
}

describeWithFixture(['calratio', 'final_model_weights_1.json'], 'trained model of the reference', () => {
  type StoredWeights = Record<string, { readonly shape: number[]; readonly data: number[] }>;
  const read = <T>(file: string) => JSON.parse(readFileSync(fixturePath('calratio', file), 'utf8')) as T;

  it.each(['build_bib', 'felix_control_region'])('gives its scores of %s', async (sample) => {
    const stored = Object.entries(read<StoredWeights>('final_model_weights_1.json'));
    const weights = stored.map(([name, { shape, data }]) => [pathOf(name), { shape, values: data }] as const);
    const io = read<Record<string, unknown[]>>(`final_model_io_${sample}.json`);
    const inputs = JET_INPUTS.map((name) => {
      const values = (io[name] ?? io[name.toLowerCase()]).flat(2) as number[];
      const shape = [io['output'].length, ...classifier.inputs[`${name}_input_cr`]];
      return [`${name}_input_cr`, { shape, values }] as const;
    });
    const { main_output: scores } = await eagerRunner.run(
      (tensors) => predict(classifier, withinPath(tensors, 'weights'), tensors),
      { ...Object.fromEntries(inputs), ...withPrefix('weights', Object.fromEntries(weights)) },
    );
    expectClose(scores.values, io['output'].flat() as number[], { absolute: 1e-5 });
  });
});

it('starts from Glorot kernels, orthogonal recurrence and open forget gates', () => {
  const weights = initialise(classifier.parameterSpecs, 7);
  expect([...weights['lstm/bias'].values.slice(5, 25)]).toEqual([
    ...Array<number>(5).fill(0),
    ...Array<number>(10).fill(1),
    ...Array<number>(5).fill(0),
  ]);
  const limit = Math.sqrt(6 / (28 + 512));
  expect(Math.max(...weights['dense_1/kernel'].values.map(Math.abs))).toBeLessThanOrEqual(limit);
});
