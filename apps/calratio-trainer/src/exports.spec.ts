import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calRatioNetwork, writeCalRatioExports } from '@hep/calratio-rnn';
import { readNetworkFile } from '@hep/model-files';
import { initialise } from '@hep/nn';
import { describeWithFixture, fixturePath, temporaryFolder } from '@hep/test-support';
import { run, runWell } from './testing/command-line.ts';

const folder = await temporaryFolder();
const network = calRatioNetwork({ lstmUnits: { constit: 4, track: 4, MSeg: 2 } });
const weights = initialise(network.original.parameterSpecs, 1);
await writeCalRatioExports(folder, network, weights);
const archive = join(folder, 'final_model.keras');
const own = Object.fromEntries(network.classifier.parameterSpecs.map(({ name }) => [name, weights[name]]));

it('writes the files of a tagger in the chosen forms', async () => {
  const output = join(folder, 'exported');
  const { out } = await runWell(
    'export',
    archive,
    '-o',
    output,
    '--format',
    'onnx,fdeep-keras3',
    '--name',
    'tagger',
  );
  expect(out).toEqual([join(output, 'tagger.onnx'), join(output, 'tagger.fdeep-keras3.json')]);
  expect((await readdir(output)).sort()).toEqual(['tagger.fdeep-keras3.json', 'tagger.onnx']);
  expect((await readNetworkFile(join(output, 'tagger.fdeep-keras3.json'))).weights).toEqual(own);
});

it('converts a tagger for C++ with its archive beside it', async () => {
  const json = join(folder, 'converted', 'model.json');
  await runWell('convert', 'training', archive, '--output-json', json);
  const file = JSON.parse(await readFile(json, 'utf8')) as {
    architecture: { config: { input_layers: unknown } };
  };
  expect(file.architecture.config.input_layers).toContainEqual(['jet_input_cr', 0, 0]);
  expect((await readNetworkFile(json)).weights).toEqual(own);
  expect((await readNetworkFile(json.replace('.json', '.keras'))).weights).toEqual(own);
});

it('reads architecture and weights from two files', async () => {
  const output = join(folder, 'from-two');
  const parts = [join(folder, 'final_model.json'), '--weights', join(folder, 'final_model.hdf5')];
  await runWell('export', ...parts, '-o', output, '--format', 'keras');
  expect((await readNetworkFile(join(output, 'final_model.keras'))).weights).toEqual(own);
});

it.each([
  [['export', 'absent.keras', '-o', 'x'], 'absent.keras: cannot be opened (no such file); check the path'],
  [
    ['export', join(folder, 'final_model.json'), '-o', 'x'],
    'an architecture without weights; give the HDF5 file',
  ],
  [
    ['export', join(folder, 'final_model.hdf5'), '-o', 'x'],
    'weights without their architecture; give its JSON file',
  ],
  [['dump', join(folder, 'final_model.onnx')], 'not JSON; expected the architecture of a Keras model'],
])('%p tells what is wrong', async (argv, message) => {
  const { code, err } = await run(...argv);
  expect(code).toBe(2);
  expect(err).toHaveLength(1);
  expect(err[0]).toContain(message);
});

describeWithFixture(['calratio'], 'the layers of the reference', () => {
  it.each(['tests_data/final_model.keras', 'final_model_architecture.json'])(
    'are those of %s',
    async (file) => {
      const { out } = await runWell('dump', fixturePath('calratio', file));
      const summary = await readFile(fixturePath('calratio', 'final_model_summary.txt'), 'utf8');
      const theirs = [...summary.matchAll(/^ (\S+) \(\w+.*?\)?\s+\[?\(None, ([\d, ]+)\)\]?\s+(\d+)/gm)].map(
        ([, name, shape, parameters]) => `${name} [${shape}] ${parameters}`,
      );
      expect(theirs.length).toBeGreaterThan(30);
      const ours = [...out.join('\n').matchAll(/^(\S+) +\w+ +(\[.*?\]) +(\d+)/gm)].map(
        ([, name, shape, parameters]) => `${name} ${shape} ${parameters}`,
      );
      expect(ours.sort()).toEqual(theirs.sort());
      expect(out).toContain('Parameters: 60067, of which 60067 are trained and 0 are not');
    },
  );
});
