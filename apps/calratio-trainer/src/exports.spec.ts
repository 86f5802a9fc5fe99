import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calRatioNetwork, writeCalRatioExports } from '@hep/calratio-rnn';
import { readNetworkFile } from '@hep/model-files';
import { initialise } from '@hep/nn';
import {
  describeWithFixture,
  fixturePath,
  goldenJson,
  presentGolden,
  temporaryFolder,
} from '@hep/test-support';
import { run, runWell } from './testing/command-line.ts';
import { SMALL } from './testing/small-training.ts';

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
  [
    ['convert', 'training', archive, '--output-json', archive.replace('keras', 'json')],
    'is an input, which it would replace',
  ],
  [['model-dump', join(folder, 'final_model.onnx')], 'not JSON; expected the architecture of a Keras model'],
])('%p tells what is wrong', async (argv, message) => {
  const { code, err } = await run(...argv);
  expect(code).toBe(2);
  expect(err).toHaveLength(1);
  expect(err[0]).toContain(message);
});

const [golden] = presentGolden(['calratio_fdeep_keras2.json'], (name) => ['interop', name]);

describeWithFixture(['calratio'], 'the tagger of the reference', () => {
  (golden === undefined ? it.skip : it)('is converted as its own converter does', async () => {
    const json = join(folder, 'reference.json');
    const weights = fixturePath('calratio', 'tests_data', 'final_model_weights_1.keras');
    const architecture = fixturePath('calratio', 'final_model_architecture.json');
    await runWell('convert', 'training', architecture, '--weights', weights, '--output-json', json);
    type Content = Record<string, unknown>;
    const ours = JSON.parse(await readFile(json, 'utf8')) as Content;
    const theirs = goldenJson<Content>('interop', golden);
    expect(Object.keys(ours)).toEqual(Object.keys(theirs));
    for (const key of ['image_data_format', 'input_shapes', 'output_shapes', 'hash']) {
      expect(ours[key]).toEqual(theirs[key]);
    }
    expect(JSON.stringify(ours['trainable_params']) === JSON.stringify(theirs['trainable_params'])).toBe(
      true,
    );
  });
});

describeWithFixture(['calratio'], 'the layers of the reference', () => {
  it.each(['tests_data/final_model.keras', 'final_model_architecture.json'])(
    'are those of %s',
    async (file) => {
      const { out } = await runWell('model-dump', fixturePath('calratio', file));
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

describe('a run', () => {
  const path = join(folder, 'runs', 'default', '00000');
  const exported = async (source: string) => {
    const output = join(folder, `from-${source.replaceAll('/', '-')}`);
    await runWell('export', source, '-o', output, '--format', 'keras');
    return (await readNetworkFile(join(output, 'final_model.keras'))).weights;
  };

  beforeAll(async () => {
    const output = ['-o', join(folder, 'runs'), '--compare-without-adversary=false'];
    await runWell('train', ...SMALL, ...output, '--epochs', '2', '--select', 'main-loss');
  });

  it('is exported with the weights that it ended with, or those of one of its epochs', async () => {
    const epochs = [await exported(path), await exported(`${path}/1`), await exported(`${path}/2`)];
    const record = JSON.parse(await readFile(join(path, 'run.json'), 'utf8')) as {
      result: { bestEpoch: number };
    };
    expect(epochs[1]).not.toEqual(epochs[2]);
    expect(epochs[0]).toEqual(epochs[record.result.bestEpoch]);
    expect(await exported(join(folder, 'runs', 'default', '-1', '2'))).toEqual(epochs[2]);
  });

  it('shows its layers', async () => {
    const { out } = await runWell('model-dump', path);
    expect(out.some((line) => /^main_output +Dense +\[3\] +15 +dropout_\d+$/.test(line))).toBe(true);
  });

  it.each([
    [`${path}/7`, [], `${path}: no checkpoint of epoch 7; look into`],
    [path, ['--weights', 'x.hdf5'], 'which has its own weights; leave one away'],
    [join(folder, 'runs'), [], 'not a regular file'],
    [join(folder, 'runs', 'default', '-3'), [], 'it does not exist'],
  ])('%s %p is refused', async (source, flags, message) => {
    const { code, err } = await run('export', source, ...flags, '-o', join(folder, 'x'));
    expect(code).toBe(2);
    expect(err).toHaveLength(1);
    expect(err[0]).toContain(message);
  });
});
