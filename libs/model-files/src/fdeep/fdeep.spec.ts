import { eagerRunner, modelOf, predict } from '@hep/nn';
import type { HostTensor, NetworkModel, Weights } from '@hep/nn';
import { expectClose, goldenJson, presentGolden } from '@hep/test-support';
import type { JsonValue } from '../keras-layer.ts';
import { networkFromModel } from '../network-from-model.ts';
import { parseArchitecture } from '../parse-keras-json.ts';
import { decodeArray } from './arrays.ts';
import { networkFromFdeep } from './read.ts';
import { fdeepJson } from './write.ts';

interface Stored {
  readonly shape: number[];
  readonly values: unknown;
}

interface File {
  readonly [key: string]: JsonValue;
}

const MODELS = ['fdeep_mini', 'calratio_fdeep'];
const fileOf = (name: string) => ['interop', `${name}_keras2.json`] as const;
const present = presentGolden(MODELS, fileOf);

const testsOf = (file: File) => file['tests'] as unknown as { inputs: Stored[]; outputs: Stored[] }[];

const tensor = ({ shape, values }: Stored): HostTensor => ({
  shape,
  values: decodeArray(
    values,
    shape.reduce((a, b) => a * b, 1),
  ),
});

async function outputOf(model: NetworkModel, weights: Weights, inputs: readonly HostTensor[]) {
  const rows = Object.keys(model.inputs).map((name, i) => [
    name,
    { shape: [1, ...inputs[i].shape], values: inputs[i].values },
  ]);
  const results = await eagerRunner.run((tensors) => predict(model, tensors, tensors), {
    ...weights,
    ...(Object.fromEntries(rows) as Weights),
  });
  return results[model.outputs[0]].values;
}

describe.each(present)('%s of the reference converter', (name) => {
  const file = goldenJson<File>(...fileOf(name));

  it('is written again from its weights, letter by letter after the architecture', () => {
    const { model, weights } = networkFromFdeep(file, name);
    const description = parseArchitecture(file['architecture'], name);
    const written = fdeepJson(description, weights, {
      form: 'keras2',
      inputShapes: model.network.inputs.map(({ shape }) => shape),
      outputShapes: model.network.outputs.map(({ shape }) => shape),
      tests: testsOf(file).map(({ inputs, outputs }) => ({
        inputs: inputs.map(tensor),
        outputs: outputs.map(tensor),
      })),
    });
    const rest = (json: string) => json.slice(json.indexOf('"image_data_format"'));
    expect(rest(written) === rest(JSON.stringify(file))).toBe(true);
    expect(layersOf(JSON.parse(written) as File)).toEqual(layersOf(file));
  });

  it('gives the outputs of its tests', async () => {
    const { model, weights } = networkFromFdeep(file, name);
    for (const { inputs, outputs } of testsOf(file)) {
      const output = await outputOf(model, weights, inputs.map(tensor));
      expectClose(output, tensor(outputs[0]).values, { absolute: 1e-6 });
    }
  });
});

/** What decides the computation: class, name, connections and the configuration without what all layers share. */
function layersOf(file: File): unknown {
  const description = parseArchitecture(file['architecture'], 'file');
  expect(modelOf(networkFromModel(description)).parameterSpecs.length).toBeGreaterThan(0);
  return description;
}
