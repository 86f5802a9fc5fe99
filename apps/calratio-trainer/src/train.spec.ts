import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@hep/test-support';
import { readHistory } from '@hep/training';
import { run, runWell } from './testing/command-line.ts';
import { numbersOf } from './testing/run-content.ts';
import { SMALL } from './testing/small-training.ts';

const folder = await temporaryFolder();
const at = (...names: string[]) => join(folder, ...names);
const train = (output: string, ...flags: string[]) =>
  runWell('train', ...SMALL, '-o', at(output), '--compare-without-adversary=false', ...flags);
const first = (output: string) => at(output, 'default', '00000');
const json = async (...path: string[]) => JSON.parse(await readFile(at(...path), 'utf8'));
const refused = (message: string | RegExp) => ({
  code: 2,
  err: [typeof message === 'string' ? `calratio-trainer: ${message}` : expect.stringMatching(message)],
});

describe('train', () => {
  let told: readonly string[];

  beforeAll(async () => {
    told = (await runWell('train', ...SMALL, '-o', at('toy'), '--epochs', '3')).out;
  });

  it('without files trains on toy jets, with and without adversary, and tells what that brings', async () => {
    expect(told[0]).toBe(
      'synthetic jets, main sample: 540 training, 30 validation, 30 test; control region: 720 training, 40 validation, 40 test',
    );
    const ends = told.filter((line) => line.includes('AUC'));
    expect(ends).toHaveLength(2);
    expect(ends[0]).toMatch(/without-adversary: AUC 0\.\d{4}, K-S sum .* \(synthetic jets\)$/);
    expect(ends[1]).toMatch(/00000: AUC 0\.\d{4}, K-S sum/);
  });

  it('leaves a run directory that tells all', async () => {
    const names = await readdir(first('toy'));
    expect(names).toEqual(
      expect.arrayContaining([
        ...['config.yaml', 'run.json', 'history.csv', 'history_checkpoint.json', 'split.npz'],
        ...[
          'predictions.npz',
          'evaluation.json',
          'report.html',
          'checkpoints',
          'tensorboard',
          'without-adversary',
        ],
      ]),
    );
    const record = await json('toy', 'default', '00000', 'run.json');
    expect(record).toMatchObject({ status: 'finished', seed: 1, result: { epochs: 3 } });
    const scores = await json('toy', 'default', '00000', 'evaluation.json');
    expect(scores).toEqual(record.scores);
    const masses = scores.aucByMass.map(({ mH }: { mH: number }) => mH);
    expect(masses).toEqual([...masses].sort((a, b) => a - b));
    expect(scores.significances.map(({ name }: { name: string }) => name)).toEqual([
      ...['QCD and BIB', 'QCD only', 'BIB only'],
      ...masses.map((mH: number) => `mH ${mH} GeV`),
    ]);
    expect((await readdir(join(first('toy'), 'exports'))).sort()).toEqual(
      ['fdeep.json', 'hdf5', 'json', 'keras', 'onnx'].map((ending) => `final_model.${ending}`),
    );
    expect(await readFile(join(first('toy'), 'report.html'), 'utf8')).toContain('With and without adversary');
    expect(await readdir(join(first('toy'), 'checkpoints'))).toEqual(
      [0, 1, 2, 3].map((epoch) => `epoch-000${epoch}.checkpoint`),
    );
    expect(await readFile(join(first('toy'), 'config.yaml'), 'utf8')).toContain('epochs: 3\n');
  });

  it('measures each epoch on the whole validation part, K-S distances by pT bin included', async () => {
    const history = await readHistory(join(first('toy'), 'history.csv'));
    expect(history).toHaveLength(3);
    for (const { values } of history) {
      const bins = ['lowPt', 'midPt', 'highPt']
        .map((bin) => values[`val_ks_sig_${bin}`])
        .filter(Number.isFinite);
      expect(values['val_ks_sig']).toBeCloseTo(
        bins.reduce((sum, value) => sum + value, 0),
        12,
      );
      expect(values['val_selection']).toBeCloseTo(values['val_mainLoss'] + 0.3 * values['control_ks'], 12);
      expect(values['loss']).toBeCloseTo(values['mainLoss'] - 10 * values['adversaryLoss'], 3);
    }
    const reference = await json('toy', 'default', '00000', 'history_checkpoint.json');
    expect(Object.keys(reference)[0]).toBe('ks_qcd_hist');
    expect(reference.val_original_lossf).toEqual(history.map(({ values }) => values['val_mainLoss']));
  });

  it('gives the next run the next number, and the same numbers for the same seed', async () => {
    await train('seeds', '--epochs', '2');
    await train('seeds', '--epochs', '2');
    await train('seeds', '--epochs', '2', '--seed', '2');
    expect(await readdir(at('seeds', 'default'))).toEqual(['00000', '00001', '00002']);
    const runs = await Promise.all(
      ['00000', '00001', '00002'].map((name) => numbersOf(at('seeds', 'default', name))),
    );
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2].hashes).not.toEqual(runs[0].hashes);
  });

  it('stops when the selected result has not improved, and evaluates the best epoch', async () => {
    const { out } = await train(
      'stop',
      '--epochs',
      '60',
      '--patience',
      '2',
      '--select',
      'ks',
      '--lr-values',
      '0.02',
    );
    const { result } = await json('stop', 'default', '00000', 'run.json');
    expect(result.stoppedBy).toBe('early-stopping');
    expect(result.bestEpoch).toBe(result.epochs - 2);
    const history = await readHistory(join(first('stop'), 'history.csv'));
    const sums = history.map(({ values }) => values['control_ks']);
    expect(Math.min(...sums)).toBe(sums[result.bestEpoch - 1]);
    expect(out.join('\n')).toContain(
      `state of epoch ${result.bestEpoch} restored, the best by val_selection`,
    );
  });

  it('tells the network masses, or trains on one category of them', async () => {
    await train('masses', '--epochs', '1', '--mH-parametrization', '--mS_parametrization');
    const record = await json('masses', 'default', '00000', 'run.json');
    expect(record.status).toBe('finished');
    const sizeOf = async (name: string, flag: string) => {
      const { out } = await train(name, '--epochs', '1', '--toy-rows', '2000', flag);
      return Number(/main sample: (\d+) training/.exec(out.join('\n'))![1]);
    };
    const size = await sizeOf('low', '--no-include-high-mass');
    expect(size % 3).toBe(0);
    expect(size).toBeLessThan(1800);
    expect(await sizeOf('low', '--include_low_mass')).toBe(size);
    const config = await readFile(at('low', 'default', '00001', 'config.yaml'), 'utf8');
    expect(config).toContain('include-low-mass: true\ninclude-high-mass: false\n');
  });

  it('takes the order and the pairs of the reference when asked to', async () => {
    const flags = ['--epochs', '2', '--reference-compat', '--num-splits', '3'];
    const { out } = await train('compat', ...flags);
    expect(out.join('\n')).toContain('180 jets in a step');
    await train('compat', ...flags);
    const runs = await Promise.all(
      ['00000', '00001'].map((name) => numbersOf(at('compat', 'default', name))),
    );
    expect(runs[1]).toEqual(runs[0]);
  });
});

describe('resume', () => {
  beforeAll(async () => {
    await train('short', '--epochs', '2');
    await train('long', '--epochs', '4');
  });

  it('goes on with more epochs to the numbers of an uninterrupted training', async () => {
    const copy = at('copy');
    await cp(first('short'), copy, { recursive: true });
    const { out } = await runWell('resume', copy, '--epochs', '4');
    expect(out.join('\n')).toContain('going on after epoch 2 of 4');
    expect(await numbersOf(copy)).toEqual(await numbersOf(first('long')));
    expect((await runWell('train', '--resume', copy)).out).toEqual([
      `${copy}: finished already after epoch 4`,
    ]);
  });

  it('finds runs by their number', async () => {
    await cp(at('short'), at('numbers'), { recursive: true });
    await mkdir(at('numbers', 'default', 'notes'));
    await writeFile(at('numbers', 'default', '7'), '');
    await runWell('train', '-o', at('numbers'), '--continue', '-1', '--epochs', '3');
    expect(await readHistory(join(first('numbers'), 'history.csv'))).toHaveLength(3);
    expect(await run('train', '-o', at('numbers'), '--continue', '-2')).toMatchObject(
      refused(`Cannot continue from run -2 in ${at('numbers', 'default')}: it does not exist; there are 0`),
    );
  });

  it.each([
    [['--seed', '5'], '--seed 5: the run at RUN has 1'],
    [['--adversary-weight', '1'], '--adversary-weight 1: the run at RUN has 10'],
    [['--frac-list', '0.5'], '--frac-list 0.5: the run at RUN has 1'],
    [['--no-include-low-mass'], '--include-low-mass false: the run at RUN has true'],
    [['--toy-rows', '700'], '--toy-rows 700: the run at RUN has 600'],
  ])('refuses %j, naming the option', async (flags, message) => {
    const expected = message.replace('RUN', first('short'));
    expect(await run('resume', first('short'), ...flags)).toMatchObject(
      refused(`${expected}; leave the option away, or start a new run`),
    );
  });

  it('refuses another split and a folder without a run', async () => {
    const copy = at('other-split');
    await cp(first('short'), copy, { recursive: true });
    await writeFile(join(copy, 'split.npz'), 'other');
    expect(await run('resume', copy, '--epochs', '3')).toMatchObject(
      refused(/split.npz: the jets of this run were split/),
    );
    expect(await run('resume', folder)).toMatchObject(refused(/no run there \(config.yaml is missing\)/));
  });
});
