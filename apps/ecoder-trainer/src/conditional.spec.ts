import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { conditionsOf, loadWafers } from '@hep/datasets';
import { tf } from '@hep/graph';
import { readFrozenGraph, readKerasWeights } from '@hep/model-files';
import { expectClose, temporaryFolder } from '@hep/test-support';
import { learningRateOf } from '@hep/training-command';
import { optimiserOf } from './choices.ts';
import { trainOptions } from './options.ts';
import { run, runWell } from './testing/command-line.ts';

const folder = await temporaryFolder();
const data = join(folder, 'toy.csv');
const at = (...path: string[]) => join(folder, ...path);
const train = (output: string, ...flags: string[]) =>
  runWell(
    'train',
    '-i',
    data,
    '-o',
    at(output),
    '--models',
    'cae',
    '--epochs',
    '2',
    '--batch-size',
    '64',
    ...flags,
  );

const numbers = async (path: string) =>
  (await readFile(path, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => line.split(',').map(Number));

const lossesOf = async (output: string) =>
  (await numbers(at(output, 'cae', 'history.csv'))).slice(1).map((row) => row[2]);

const kernelOf = async (output: string) => {
  const { layers } = await readKerasWeights(at(output, 'cae', 'exports', 'cae.hdf5'));
  return layers.get('encoder')!.find(({ name }) => name.endsWith('encoded_vector/kernel'))!.values;
};

beforeAll(() => runWell('toy', '-o', data, '--rows', '500', '--seed', '3'));

describe('train --models cae', () => {
  beforeAll(() => train('first', '--n-elinks', '3', '--split', 'first', '--verify-rows', '-1'));

  it('writes the pair of graphs that CMSSW loads, with the numbers of the run', async () => {
    const exports = (file: string) => at('first', 'cae', 'exports', file);
    const encoder = await readFrozenGraph(exports('encoder_cae.pb'));
    const decoder = await readFrozenGraph(exports('decoder_cae.pb'));
    expect(encoder.placeholders).toEqual([{ name: 'x', shape: [null, 8, 8, 1], dtype: 'float32' }]);
    expect(decoder.placeholders).toEqual([{ name: 'x', shape: [null, 24], dtype: 'float32' }]);
    expect([...encoder.outputs, ...decoder.outputs]).toEqual(['Identity', 'Identity']);
    const images = (await numbers(exports('verify_input_ae.csv'))).flat();
    const wafers = await loadWafers([data], { rowsPerFile: 100 });
    await tf.setBackend('cpu');
    const [latentNumbers, decodedNumbers] = tf.tidy(() => {
      const latent = encoder.run({ x: tf.tensor(images, [100, 8, 8, 1]) })['Identity'];
      const conditions = tf.tensor(conditionsOf(wafers), [100, 8]);
      const decoded = decoder.run({ x: tf.concat([latent, conditions], 1) })['Identity'];
      return [latent, decoded].map((tensor) => [...tensor.dataSync()]);
    });
    expectClose(latentNumbers, (await numbers(exports('verify_output.csv'))).flat(), {});
    const hidden = (await numbers(exports('verify_decoded.csv'))).flat();
    const shown = decodedNumbers.map((value, i) => (hidden[i] === 0 ? 0 : value));
    expectClose(shown, hidden, { absolute: 1e-6 });
  });

  it('sends latents of 5 bits on 3 eLinks', async () => {
    const latent = (await numbers(at('first', 'cae', 'exports', 'verify_output.csv'))).flat();
    expect(latent.map((value) => value * 16)).toEqual(latent.map((value) => Math.round(value * 16)));
    expect(new Set(latent).size).toBeGreaterThan(4);
  });

  it('exports again from the checkpoint, and resumes', async () => {
    await runWell('export', at('first', 'cae'), '-o', at('again'));
    const same = await Promise.all(
      [at('first', 'cae', 'exports'), at('again')].map((path) => readFile(join(path, 'decoder_cae.pb'))),
    );
    expect(same[0].equals(same[1])).toBe(true);
    await runWell('train', '--resume', at('first'), '--epochs', '3');
    expect(await lossesOf('first')).toHaveLength(3);
  });

  it('leaves the encoder as it starts with --reference-compat, and learns less', async () => {
    const fast = ['--epochs', '20', '--learning-rate', '3e-3', '--batch-size', '50'];
    await train('compat', ...fast, '--reference-compat');
    await train('start', '--reference-compat');
    await train('ours', ...fast);
    expectClose(await kernelOf('compat'), await kernelOf('start'), {});
    expect(await kernelOf('ours')).not.toEqual(await kernelOf('start'));
    const [compat, ours] = [await lossesOf('compat'), await lossesOf('ours')];
    expect(ours.at(-1)).toBeLessThan(0.7 * compat.at(-1)!);
  });

  it('adds a penalty on kernels that are not orthogonal to the loss', async () => {
    await train('plain', '--epochs', '1');
    await train('orthogonal', '--epochs', '1', '--orthogonality', '0.1');
    const [plain, orthogonal] = [await lossesOf('plain'), await lossesOf('orthogonal')];
    expect(orthogonal[0] - plain[0]).toBeGreaterThan(1);
  });

  it('takes signal and pile-up in the share that was asked for, from the layers of the eLinks', async () => {
    const { out } = await train('mixed', '--biased', '0.5', '--select-layers', '--batch-size', '16');
    expect(out[0]).toMatch(/^\d\d training and \d\d? validation modules$/);
  });
});

describe('bad input', () => {
  const refusal = async (...argv: string[]) => {
    const { code, err } = await run('train', '-o', at('refused'), ...argv);
    expect([code, err.length]).toEqual([2, 1]);
    return err[0].replaceAll(`${folder}/`, '');
  };

  it('a file without what the decoder must know', async () => {
    const lines = (await readFile(data, 'utf8')).trim().split('\n');
    await writeFile(at('old.csv'), lines.map((line) => line.slice(0, line.lastIndexOf(','))).join('\n'));
    expect(await refusal('-i', at('old.csv'), '--models', 'cae')).toBe(
      'ecoder-trainer: column wafertype is missing, expected tc_eta, waferv, waferu, wafertype, layer for the ' +
        'conditions of a decoder; give files with these columns, or choose networks without conditions',
    );
    await writeFile(at('odd.csv'), lines.with(4, lines[4].replace(/\d$/, '3')).join('\n'));
    expect(await refusal('-i', at('odd.csv'), '--models', 'cae')).toContain(
      'odd.csv line 5: wafertype is 3, expected',
    );
  });

  it.each([
    [
      ['--reference-compat'],
      'option --reference-compat: the encoder of 8x8_c8_S2_tele is trained in the reference, too; leave the option away',
    ],
    [
      ['--schedule-factor', '0.1', '--schedule', 'cosine'],
      'option --schedule-factor: schedule cosine does not have it; leave it away, or choose --schedule step or exponential',
    ],
    [['--models', 'cae', '--bits-latent', '5,0'], 'bits of latent: 0 before the point, expected 1'],
  ])('%j', async (argv, message) => {
    expect(await refusal('-i', data, ...argv)).toContain(message);
  });
});

describe('optimisers', () => {
  it.each([
    [['--optimiser', 'lion'], 0],
    [['--optimiser', 'adamw'], 0.004],
    [['--optimiser', 'lion', '--weight-decay', '0.1'], 0.1],
    [['--optimiser', 'adam', '--weight-decay', '1e-3'], 1e-3],
  ])('%j', (flags, decay) => {
    const optimiser = optimiserOf(trainOptions.parse(flags));
    expect([optimiser.name.toLowerCase(), optimiser.weightDecay]).toEqual([flags[1], decay]);
  });
});

describe('schedules', () => {
  const rates = (flags: string[], epochs: number[]) => {
    const options = trainOptions.parse(['--epochs', '30', '--learning-rate', '1', ...flags]);
    const rate = learningRateOf(options, 4);
    return epochs.map((epoch) => rate(4 * epoch));
  };

  it.each([
    ['step', ['--schedule-factor', '0.1'], [0, 10, 10.25, 20.25], [1, 1, 0.1, 0.01]],
    ['step', ['--schedule-period', '2.5'], [2.5, 2.75, 5.25], [1, 0.5, 0.25]],
    ['exponential', ['--schedule-factor', '0.96'], [0, 1, 10], [1, 0.96, 0.96 ** 10]],
    ['cosine', [], [0, 15, 30], [1, 0.5, 0]],
    [
      'warm-restarts',
      ['--schedule-period', '10', '--schedule-growth', '1'],
      [0, 5, 10, 25],
      [1, 0.5, 1, 0.5],
    ],
  ])('%s %j', (schedule, flags, epochs, expected) => {
    expectClose(rates(['--schedule', schedule, ...flags], epochs), expected, { absolute: 1e-9 });
  });
});
