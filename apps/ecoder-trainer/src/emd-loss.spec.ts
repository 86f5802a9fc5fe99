import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeEmdNetwork } from '@hep/emd-network';
import { emdNetwork } from '@hep/losses';
import { initialise } from '@hep/nn';
import { readHistory } from '@hep/training';
import type { RunRecord } from '@hep/training';
import { temporaryFolder } from '@hep/test-support';
import { run, runWell } from './testing/command-line.ts';

const MODEL = '8x8_c8_S2_tele';
const folder = await temporaryFolder();
const at = (...names: string[]) => join(folder, ...names);
const small = ['--epochs', '2', '--batch-size', '50', '--toy-rows', '300', '--loss', 'emd'];

async function networkFile(stem: string, seed: number): Promise<string> {
  const size = { filters: 2, kernelSize: 3, convolutions: 1, denseUnits: 4 };
  const weights = initialise(emdNetwork(size).parameterSpecs, seed);
  return (await writeEmdNetwork(folder, stem, { size, weights })).hdf5;
}
const network = await networkFile('network', 1);
const train = (output: string, ...flags: string[]) =>
  runWell('train', '-o', at(output), '--emd-network', network, ...small, ...flags);
const losses = async (output: string) =>
  (await readHistory(at(output, MODEL, 'history.csv'))).map(({ values }) => values['val_loss']);

describe('train --loss emd', () => {
  beforeAll(() => train('first'));

  it('records the network among the inputs', async () => {
    const record = JSON.parse(await readFile(at('first', MODEL, 'run.json'), 'utf8')) as RunRecord;
    expect(record.inputs).toEqual([
      { path: network, bytes: expect.any(Number), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
  });

  it('compares normalised patterns unless told otherwise', async () => {
    await train('raw', '--no-normalise-emd-inputs');
    const [normalised, raw] = await Promise.all(['first', 'raw'].map(losses));
    expect(normalised).toHaveLength(2);
    expect(raw[0]).not.toBeCloseTo(normalised[0], 6);
  });

  it('trains a quantised network that was designed with it', async () => {
    const quantised = '8x8_c8_S2_qK_RTL_emd_ttbar';
    await train('quantised', '--models', quantised, '--loss', 'default');
    const rows = await readHistory(at('quantised', quantised, 'history.csv'));
    expect(rows[1].values['loss']).toBeLessThan(rows[0].values['loss']);
  });

  it('is the same on both engines', async () => {
    await train('eager', '--engine', 'tfjs', '--tfjs-backend', 'cpu', '--epochs', '1');
    const [[onnx], [eager]] = await Promise.all(['first', 'eager'].map(losses));
    expect(eager).toBeCloseTo(onnx, 5);
  });

  it('exports without the network and resumes with it only', async () => {
    await runWell('export', at('first', MODEL), '-o', at('exported'));
    const resume = ['train', '--resume', at('first'), '--epochs', '3'];
    const other = await run(...resume, '--emd-network', await networkFile('other', 2));
    expect(other.code).toBe(2);
    expect(other.err[0].replaceAll(`${folder}/`, '')).toMatch(
      /other.h5: content differs from network.h5 that the run began with/,
    );
    await runWell(...resume);
    expect(await losses('first')).toHaveLength(3);
  });
});

describe('a bad EMD network', () => {
  it.each([
    [[], 'loss emd: no EMD network; give the file of a trained one with --emd-network'],
    [['--emd-network', at('none.h5')], 'none.h5: cannot be opened (no such file); check the path'],
  ])('is refused: %j', async (flags, message) => {
    const { code, err } = await run('train', '-o', at('bad'), ...small, ...flags);
    expect(code).toBe(2);
    expect(err.map((line) => line.replaceAll(`${folder}/`, ''))).toEqual([`ecoder-trainer: ${message}`]);
  });
});
