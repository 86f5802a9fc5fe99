import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@hep/test-support';
import { run, runWell } from './testing/command-line.ts';

const folder = await temporaryFolder();
const QUICK = ['--toy-rows', '600', '--epochs', '2', '--network', 'AE_3D_50', '--replicas', '1'];

describe('train', () => {
  it('makes a run directory of toy jets with report and exports', async () => {
    const path = join(folder, 'toy');
    const { out } = await runWell('train', '-o', path, ...QUICK);
    expect(out.some((line) => /^\d+ training, \d+ validation and \d+ test jets, synthetic$/.test(line))).toBe(
      true,
    );
    expect(out.some((line) => /^normalised MSE \S+ on \d+ test jets \(synthetic jets\)$/.test(line))).toBe(
      true,
    );
    const record = JSON.parse(await readFile(join(path, 'run.json'), 'utf8'));
    expect(record.status).toBe('finished');
    expect(Object.keys(record.scores.variables)).toEqual(['m', 'pt', 'phi', 'eta']);
    expect(record.scores.mse).toBeGreaterThan(0);
    const report = await readFile(join(path, 'report.html'), 'utf8');
    for (const heading of [
      'Errors',
      'Residuals',
      'Residuals against each other',
      'Response',
      'Correlations',
      'Variables',
      'Latent variables',
    ]) {
      expect(report).toContain(`>${heading}</h2>`);
    }
    const exports = await readdir(join(path, 'exports'));
    for (const name of ['jet-codec.json', 'AE_3D_50.hdf5', 'encoder_AE_3D_50.onnx', 'decoder_AE_3D_50.pb']) {
      expect(exports).toContain(name);
    }
  });

  it('gives the same network for the same seed, another one for another', async () => {
    const score = async (name: string, ...more: string[]) => {
      await runWell('train', '-o', join(folder, name), ...QUICK, ...more);
      return JSON.parse(await readFile(join(folder, name, 'run.json'), 'utf8')).scores.mse;
    };
    const first = await score('seed-1');
    expect(await score('seed-1-again')).toBe(first);
    expect(await score('seed-2', '--seed', '2')).not.toBe(first);
  });

  it.each([
    ['vae', ['--model', 'vae', '--beta', '0.001']],
    ['smooth-l1', ['--loss', 'smooth-l1']],
    ['rmse', ['--loss', 'rmse']],
    ['bce', ['--loss', 'bce', '--normalisation', 'unit']],
    ['vae and bce', ['--model', 'vae', '--loss', 'bce', '--normalisation', 'unit']],
    ['normalised layers', ['--network', 'AE_3D_50_bn_drop', '--dropout', '0.05']],
    ['leaky layers', ['--network', 'AE_bn_LeakyReLU', '--latent', '3']],
    ['other normalisations', ['--normalisation', 'standard', '--copies', '1']],
    [
      'units of its own',
      ['--network', 'AE_bn', '--hidden-units', '20,10', '--latent', '2', '--no-last-bias'],
    ],
    ['soap', ['--optimiser', 'soap']],
  ])('trains with %s', async (name, more) => {
    const path = join(folder, name.replaceAll(' ', '-'));
    await runWell('train', '-o', path, ...QUICK, '--epochs', '6', ...more);
    const history = await readFile(join(path, 'history.csv'), 'utf8');
    const [header, first, ...others] = history.trimEnd().split('\n');
    const column = header.split(',').indexOf('loss');
    expect(Number(others.at(-1)!.split(',')[column])).toBeLessThan(Number(first.split(',')[column]));
    if (name.startsWith('vae')) expect(header).toContain('val_kl');
  });
});

it('soap goes on where it stopped, its eigenvectors included', async () => {
  const path = (name: string) => join(folder, name);
  const flags = [...QUICK, '--optimiser', 'soap', '--schedule', 'constant', '--copies', '9'];
  await runWell('train', '-o', path('whole'), ...flags, '--epochs', '4');
  await runWell('train', '-o', path('torn'), ...flags, '--epochs', '2');
  await runWell('resume', path('torn'), '--epochs', '4');
  const encoder = (name: string) => readFile(join(path(name), 'exports', 'encoder_AE_3D_50.onnx'));
  expect((await encoder('torn')).equals(await encoder('whole'))).toBe(true);
});

describe('bad options', () => {
  it.each([
    [['--network', 'AE_3D_20'], 'network AE_3D_20 is unknown; did you mean AE_3D_200?'],
    [['--variables', '27d'], 'option --variables 27d: toy jets have m, pt, phi and eta alone'],
    [['-i', 'absent.csv'], 'absent.csv: no such file'],
    [
      ['--loss', 'bce'],
      'option --loss bce: compares numbers from 0 to 1, --normalisation standardised gives others',
    ],
    [['--minimum-mass', '1e9'], '0 of 600 jets pass the cuts'],
  ])('%s', async (more, message) => {
    const path = join(folder, 'refused');
    const { code, err } = await run('train', '-o', path, ...QUICK, ...more);
    expect([code, err.length]).toEqual([2, 1]);
    expect(err[0]).toContain(message);
    expect(existsSync(path)).toBe(false);
  });
});

it('toy writes jets that train reads', async () => {
  const csv = join(folder, 'jets.csv');
  await runWell('toy', '-o', csv, '--rows', '500');
  const { out } = await runWell('train', '-i', csv, '-o', join(folder, 'of-csv'), ...QUICK);
  expect(out.some((line) => /^\d+ training, \d+ validation and \d+ test jets$/.test(line))).toBe(true);
});
