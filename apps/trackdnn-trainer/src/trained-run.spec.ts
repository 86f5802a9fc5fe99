import { existsSync } from 'node:fs';
import { cp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openColumns, writeColumns } from '@hep/datasets/columns';
import type { FlatColumn } from '@hep/datasets/columns';
import { areaUnderRoc, rocCurve } from '@hep/statistics';
import { temporaryFolder } from '@hep/test-support';
import { generateToyTracks } from '@hep/track-samples';
import { readHistory } from '@hep/training';
import { run, runWell } from './testing/command-line.ts';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const NETWORK = ['--hidden-units', '32,16', '--activation', 'swish', '--no-one-hot-iteration'];
const TRAINING = [
  ...['--batch-size', '64', '--learning-rate', '0.002', '--replicas', '1', '--threads', '1'],
  ...['-i', at('trained.parquet')],
];
const RUN = at('run');

beforeAll(async () => {
  await runWell('toy', '-o', at('trained.parquet'), '--tracks', '12000', '--nested');
  await runWell('toy', '-o', at('other.parquet'), '--tracks', '6000', '--first-event', '5000', '--nested');
  await runWell('train', '-o', RUN, ...NETWORK, ...TRAINING, '--epochs', '2');
});

/** Contents by name; Keras' two files hold the time at which they were made. */
const filesOf = async (path: string) => {
  const names = (await readdir(path)).sort();
  const contents = names.map(async (name) => [
    name,
    /\.(keras|hdf5)$/.test(name) ? '' : await readFile(join(path, name), 'base64'),
  ]);
  return Object.fromEntries(await Promise.all(contents)) as Record<string, string>;
};

describe('export', () => {
  it('writes the same files again', async () => {
    const { out } = await runWell('export', RUN, '-o', at('exports'));
    expect(out).toHaveLength(7);
    const files = await filesOf(at('exports'));
    expect(Object.keys(files)).toHaveLength(7);
    expect(files).toEqual(await filesOf(join(RUN, 'exports')));
  });

  it('writes the kinds that are asked for, of any checkpoint', async () => {
    const checkpoint = join(RUN, 'checkpoints', 'epoch-0001.checkpoint');
    await runWell(
      'export',
      RUN,
      '--checkpoint',
      checkpoint,
      '-o',
      at('some'),
      '--format',
      'onnx,frozen-graph',
    );
    const files = await filesOf(at('some'));
    expect(Object.keys(files)).toEqual([
      ...['frozen_graph.pb', 'frozen_graph.pb.ascii', 'inputs.json', 'track_dnn.onnx'],
    ]);
    expect(files['frozen_graph.pb']).not.toEqual((await filesOf(join(RUN, 'exports')))['frozen_graph.pb']);
  });

  it.each([
    ['no run', async () => at('nowhere'), 'nowhere: no run of a trained network, it has no run.json'],
    [
      'a run without its inputs',
      async () => changed('without', (path) => rm(join(path, 'inputs.json'))),
      'inputs.json is missing; restore it, or train again',
    ],
    [
      'a run with damaged inputs',
      async () => changed('damaged', (path) => writeFile(join(path, 'inputs.json'), '{"x":[]')),
      'inputs.json: damaged list of inputs at its start',
    ],
    [
      'a run with the inputs of another one',
      async () =>
        changed('swapped', async (path) => {
          const text = await readFile(join(path, 'inputs.json'), 'utf8');
          await writeFile(join(path, 'inputs.json'), text.replace('trk_inner_px', 'trk_inner_py'));
        }),
      'input 1 is trk_inner_py abs log1p, expected trk_inner_px abs log1p by config.yaml',
    ],
    [
      'a run without a checkpoint',
      async () => changed('bare', (path) => rm(join(path, 'checkpoints'), { recursive: true })),
      'no checkpoint there yet; train first',
    ],
  ])('refuses %s', async (_, path, message) => {
    const { code, err } = await run('export', await path(), '-o', at('refused'));
    expect([code, err.length]).toEqual([2, 1]);
    expect(err[0]).toContain(message);
    expect(existsSync(at('refused'))).toBe(false);
  });

  async function changed(name: string, change: (path: string) => Promise<void>): Promise<string> {
    await cp(RUN, at(name), { recursive: true });
    await change(at(name));
    return at(name);
  }
});

describe('evaluate', () => {
  it('judges other files, piece by piece', async () => {
    const flags = ['-i', at('other.parquet'), '-o', at('other.html'), '--scores', at('scores.npz')];
    const { out } = await runWell('evaluate', RUN, ...flags);
    const [, printed] = /^all: AUC (0.\d+), trk_mva 0.\d+$/.exec(out[0])!;
    const file = await openColumns(at('scores.npz'));
    const { columns, rows } = await file.read(['score', 'trk_isTrue'], { first: 0, end: 6000 });
    await file.close();
    expect(rows).toBe(6000);
    const numbers = (name: string) => Array.from((columns.get(name) as FlatColumn).values, Number);
    const area = areaUnderRoc(rocCurve(numbers('score'), numbers('trk_isTrue')));
    expect(Number(printed)).toBeCloseTo(area, 4);
    expect(area).toBeGreaterThan(0.65);
    const report = await readFile(at('other.html'), 'utf8');
    for (const heading of [
      ...[
        'Area under the ROC',
        'ROC curves',
        'Efficiency and fake rate',
        'At the working point of the trees',
      ],
      ...['Score against pT', 'Calibration', 'Inputs'],
    ]) {
      expect(report).toContain(`>${heading}</h2>`);
    }
  });

  it('judges each sample, too', async () => {
    const inputs = ['-i', `qcd=${at('trained.parquet')}`, '-i', `zee=${at('other.parquet')}`];
    const { out } = await runWell('evaluate', RUN, ...inputs, '-o', at('samples.html'));
    const areas = out.flatMap((line) => /^(all|sample \w+): AUC (0\.\d+)/.exec(line)?.slice(1, 3) ?? []);
    const { out: alone } = await runWell('evaluate', RUN, '-i', at('other.parquet'), '-o', at('alone.html'));
    const [, ofOther] = /^all: AUC (0\.\d+)/.exec(alone[0])!;
    expect(areas.filter((_, i) => i % 2 === 0)).toEqual(['all', 'sample qcd', 'sample zee']);
    expect(areas[5]).toBe(ofOther);
    const report = await readFile(at('samples.html'), 'utf8');
    for (const heading of ['ROC curves', 'qcd: ROC curves', 'zee: ROC curves', 'zee: Calibration']) {
      expect(report).toContain(`>${heading}</h2>`);
    }
  });

  it('tells when files trained the network, and finds again what their test part gave', async () => {
    const flags = ['-i', at('trained.parquet'), '-o', at('trained.html')];
    const { out: all } = await runWell('evaluate', RUN, ...flags);
    expect(all[0]).toContain('trained.parquet trained this network; --part test judges what it has not seen');
    const { out: test } = await runWell('evaluate', RUN, ...flags, '--part', 'test');
    const { scores } = JSON.parse(await readFile(join(RUN, 'run.json'), 'utf8'));
    expect(test[0]).toContain(`all: AUC ${scores.iterations[0].network.toFixed(4)}`);
  });

  it('goes on without iterations and classes that are absent, and without trees', async () => {
    const toy = generateToyTracks({ tracks: 3000, seed: 5 });
    const codes = (toy.columns.get('trk_originalAlgo') as FlatColumn).values as Float32Array;
    const isTrue = Float32Array.from((toy.columns.get('trk_isTrue') as FlatColumn).values as Float32Array);
    codes.forEach((code, row) => {
      if (code === 10) codes[row] = 9;
      if (code === 11) isTrue[row] = 1;
    });
    const columns = new Map([...toy.columns, ['trk_isTrue', { kind: 'flat', values: isTrue } as FlatColumn]]);
    columns.delete('trk_mva');
    await writeColumns(at('odd.npz'), [{ ...toy, columns }]);
    const { out } = await runWell('evaluate', RUN, '-i', at('odd.npz'), '-o', at('odd.html'));
    expect(out).toContain('no ROC of TobTecStep: 0 true tracks, 0 fakes');
    expect(out.some((line) => /^no ROC of JetCoreRegionalStep: \d+ true tracks, 0 fakes$/.test(line))).toBe(
      true,
    );
    expect(out.some((line) => /^all: AUC 0.\d+$/.test(line))).toBe(true);

    isTrue.fill(1);
    await writeColumns(at('true.npz'), [{ ...toy, columns }]);
    const { out: oneClass } = await runWell('evaluate', RUN, '-i', at('true.npz'), '-o', at('true.html'));
    expect(oneClass).toContain('no ROC of all: 3000 true tracks, 0 fakes');
    expect(oneClass.at(-1)).toBe(`report in ${at('true.html')}`);
  });

  it('refuses to replace its inputs, and scores of another format, before it judges', async () => {
    const input = at('other.parquet');
    const before = await readFile(input);
    const report = ['-o', at('unwritten.html')];
    const replaces = 'other.parquet: is an input, which it would replace; choose another output';
    for (const [flags, message] of [
      [['-o', input], replaces],
      [[...report, '--scores', input], replaces],
      [[...report, '--scores', at('a.txt')], 'a.txt: extension "txt", expected one of .parquet, .csv, .npz'],
    ] as const) {
      const { code, err } = await run('evaluate', RUN, '-i', input, ...flags);
      expect([code, err]).toEqual([2, [expect.stringContaining(message)]]);
    }
    expect(existsSync(at('unwritten.html'))).toBe(false);
    expect(await readFile(input)).toEqual(before);
  });

  it('refuses tracks that cannot be judged, by row', async () => {
    const toy = generateToyTracks({ tracks: 100, seed: 5 });
    ((toy.columns.get('trk_dz') as FlatColumn).values as Float32Array)[7] = NaN;
    await writeColumns(at('nan.npz'), [toy]);
    const { code, err } = await run('evaluate', RUN, '-i', at('nan.npz'), '-o', at('nan.html'));
    expect([code, err.length]).toEqual([2, 1]);
    expect(err[0]).toContain('nan.npz: row 7: trk_dz is NaN, expected a finite number');
    expect(existsSync(at('nan.html'))).toBe(false);
    const { out } = await runWell(
      'evaluate',
      RUN,
      '-i',
      at('nan.npz'),
      '-o',
      at('nan.html'),
      '--drop-invalid',
    );
    expect(out[0]).toBe('1 tracks left out: values that cannot be used');
  });
});

describe('--start-from', () => {
  const start = ['--start-from', RUN];

  it('goes on with weights and ranges of the earlier run, and can be resumed without it', async () => {
    const copy = at('to be removed');
    await cp(RUN, copy, { recursive: true });
    const other = [
      '-i',
      at('other.parquet'),
      '--batch-size',
      '32',
      '--learning-rate',
      '0.0001',
      '--threads',
      '1',
    ];
    const path = at('started');
    await runWell('train', '-o', path, ...NETWORK, ...other, '--epochs', '1', '--start-from', copy);
    expect(await readFile(join(path, 'inputs.json'))).toEqual(await readFile(join(RUN, 'inputs.json')));
    await runWell('train', '-o', at('anew'), ...NETWORK, ...other, '--epochs', '1');
    const loss = async (name: string) => (await readHistory(join(name, 'history.csv')))[0].values['loss'];
    expect(await loss(path)).toBeLessThan(0.8 * (await loss(at('anew'))));
    await rm(copy, { recursive: true });
    await runWell('resume', path, '--epochs', '2');
    expect(await readFile(join(path, 'inputs.json'))).toEqual(await readFile(join(RUN, 'inputs.json')));
  });

  it.each([
    // As many parameters, and another network all the same.
    ['--activation', 'relu', 'its activation is swish, expected relu'],
    ['--hidden-units', '16,32', 'its hidden-units is 32,16, expected 16,32'],
    ['--one-hot-iteration', 'true', 'its one-hot-iteration is false, expected true'],
  ])('refuses another architecture: %s %s', async (flag, value, message) => {
    const changed = [`${flag}=${value}`];
    const flags = [
      ...NETWORK.filter((own) => own !== '--no-one-hot-iteration' || flag !== '--one-hot-iteration'),
    ];
    const own = flags.filter((text, i) => text !== flag && flags[i - 1] !== flag);
    const { code, err } = await run('train', '-o', at('other'), ...own, ...TRAINING, ...start, ...changed);
    expect([code, err.length]).toEqual([2, 1]);
    expect(err[0]).toContain(message);
    expect(existsSync(at('other'))).toBe(false);
  });

  it('refuses other features, however many there are', async () => {
    const config = at('features.yaml');
    const saved = await readFile(join(RUN, 'config.yaml'), 'utf8');
    await writeFile(config, saved.replace('trk_nLostLay', 'trk_nCluster').replace(/^output:.*$/m, ''));
    const { code, err } = await run('train', '--config', config, '-o', at('other'), ...start);
    expect([code, err.length]).toEqual([2, 1]);
    expect(err[0]).toContain(
      'input 28 is trk_nLostLay, expected trk_nCluster; start from a run of the same network',
    );
  });
});
