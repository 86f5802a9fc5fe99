import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { OnnxRunner } from '@hep/engine';
import { NETWORK_FILES, readNetworkFile } from '@hep/model-files';
import { initialise, predict } from '@hep/nn';
import type { RunnerInput } from '@hep/nn';
import { expectClose, temporaryFolder } from '@hep/test-support';
import { calRatioNetwork } from './calratio-network.ts';
import { writeCalRatioExports } from './exports.ts';
import { goldenJets } from './testing/golden-calratio.ts';

const onnx = new OnnxRunner();
afterAll(() => onnx.close());
const folder = await temporaryFolder();

it('writes the classifier of a training in every form, each of which gives its predictions', async () => {
  const network = calRatioNetwork();
  const weights = initialise(network.original.parameterSpecs, 1);
  const paths = await writeCalRatioExports(folder, network, weights, NETWORK_FILES);
  expect(paths.map((path) => path.slice(folder.length + 1))).toEqual([
    'final_model.keras',
    'final_model.json',
    'final_model.hdf5',
    'final_model.onnx',
    'final_model.fdeep.json',
    'final_model.fdeep-keras3.json',
  ]);
  expect((await readdir(folder)).sort()).toEqual(paths.map((path) => path.slice(folder.length + 1)).sort());

  const jets = Object.entries(goldenJets('X', 0)).map(([name, jet]) => [`${name}_input_cr`, jet] as const);
  const inputs: Record<string, RunnerInput> = Object.fromEntries(jets);
  const at = (name: string) => join(folder, name);
  const { classifier } = network;
  const own = Object.fromEntries(classifier.parameterSpecs.map(({ name }) => [name, weights[name]]));
  const expected = await onnx.run((tensors) => predict(classifier, tensors, tensors), { ...own, ...inputs });
  for (const files of [
    [at('final_model.keras')],
    [at('final_model.json'), at('final_model.hdf5')],
    [at('final_model.fdeep.json')],
    [at('final_model.fdeep-keras3.json')],
  ]) {
    const read = await readNetworkFile(files[0], files[1]);
    expect(read.weights).toEqual(own);
    const found = await onnx.run((tensors) => predict(read.model, tensors, tensors), {
      ...read.weights,
      ...inputs,
    });
    expectClose(found['main_output'].values, expected['main_output'].values, { absolute: 1e-6 });
  }
});
