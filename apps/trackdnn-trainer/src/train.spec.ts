import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeColumns } from '@hep/datasets/columns';
import type { FlatColumn } from '@hep/datasets/columns';
import { OnnxRunner } from '@hep/engine';
import { readFrozenGraph } from '@hep/model-files';
import { areaUnderRoc, rocCurve } from '@hep/statistics';
import { temporaryFolder } from '@hep/test-support';
import { flattenTracks, generateToyTracks, tracksOf } from '@hep/track-samples';
import { readHistory } from '@hep/training';
import { run, runWell } from './testing/command-line.ts';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const QUICK = [
  ...['--toy-rows', '20000', '--epochs', '2', '--batch-size', '256', '--learning-rate', '0.002'],
  ...['--hidden-units', '32', '--replicas', '1', '--threads', '1'],
];

describe('train', () => {
  it('makes a run directory of toy tracks with report and exports', async () => {
    const path = at('toy');
    const { out } = await runWell('train', '-o', path, ...QUICK);
    const sizes = out.map((line) =>
      /^(\d+) training, (\d+) validation and (\d+) test tracks, synthetic$/.exec(line),
    );
    const [, training, validation, test] = sizes.find((match) => match !== null)!.map(Number);
    expect([training % 11, validation % 11]).toEqual([0, 0]);
    expect(test).toBeGreaterThan(1500);
    const record = JSON.parse(await readFile(join(path, 'run.json'), 'utf8'));
    expect(record.status).toBe('finished');
    const [all, ...iterations] = record.scores.iterations;
    expect([all.name, all.trueTracks + all.fakes]).toEqual(['all', test]);
    expect(iterations).toHaveLength(11);
    expect(all.network).toBeGreaterThan(all.trees);
    const history = await readHistory(join(path, 'history.csv'));
    expect(history[1].values['val_auc']).toBeGreaterThan(0.7);
    expect(history[1].values['auc']).toBeGreaterThan(history[0].values['auc']);
    const report = await readFile(join(path, 'report.html'), 'utf8');
    for (const heading of [
      'Training',
      'Area under the ROC',
      'ROC curves',
      'Efficiency and fake rate',
      'Score against pT',
    ]) {
      expect(report).toContain(`>${heading}</h2>`);
    }
    expect((await readdir(join(path, 'exports'))).sort()).toEqual([
      ...['frozen_graph.pb', 'frozen_graph.pb.ascii', 'inputs.json', 'track_dnn.hdf5'],
      ...['track_dnn.json', 'track_dnn.keras', 'track_dnn.onnx'],
    ]);
  });

  it('exports a graph with x, y and Identity that knows true tracks from raw variables', async () => {
    const graph = await readFrozenGraph(join(at('toy'), 'exports', 'frozen_graph.pb'));
    const toy = generateToyTracks({ tracks: 3000, seed: 99 });
    const { table } = tracksOf(flattenTracks('toy', 0, toy));
    const runner = new OnnxRunner();
    const { Identity: scores } = await runner.run((inputs) => graph.run(inputs), {
      x: { shape: [table.rows, table.width], values: table.features },
      y: { shape: [table.rows, 1], values: table.iterations },
    });
    await runner.close();
    expect(areaUnderRoc(rocCurve(scores.values, table.isTrue))).toBeGreaterThan(0.7);
  });

  it('gives the same history for the same seed; other choices train, too', async () => {
    const numbers = async (name: string, ...more: string[]) => {
      await runWell('train', '-o', at(name), ...QUICK, '--epochs', '1', ...more);
      const [{ values }] = await readHistory(join(at(name), 'history.csv'));
      return values;
    };
    const first = await numbers('seed-1');
    expect(await numbers('seed-1-again')).toEqual(first);
    const others = [
      '--balance-classes',
      '--no-pt-weights',
      '--no-one-hot-iteration',
      '--activation',
      'swish',
    ];
    const other = await numbers('other', ...others);
    expect(other['val_auc']).toBeGreaterThan(0.6);
    expect(other['val_auc']).not.toBe(first['val_auc']);
  });

  it('takes files of events with vectors, and says what it leaves out', async () => {
    await runWell('toy', '-o', at('a.parquet'), '--tracks', '6000', '--nested');
    const more = generateToyTracks({ tracks: 6000, seed: 1, firstEvent: 1000 });
    ((more.columns.get('trk_dz') as FlatColumn).values as Float32Array)[3] = NaN;
    await writeColumns(at('b.npz'), [more]);
    const files = ['-i', at('a.parquet'), '-i', at('b.npz')];
    const refused = await run('train', '-o', at('files'), ...QUICK, ...files);
    expect([refused.code, refused.err.length]).toEqual([2, 1]);
    expect(refused.err[0]).toContain('b.npz: row 3: trk_dz is NaN');
    expect(existsSync(at('files'))).toBe(false);
    const { out } = await runWell(
      'train',
      '-o',
      at('files'),
      ...QUICK,
      ...files,
      '--drop-invalid',
      '--batch-size',
      '64',
    );
    expect(out[0]).toBe('1 tracks left out: values that cannot be used');
  });
});

describe('bad input', () => {
  const without = (name: string, keep: (value: number) => boolean) => {
    const toy = generateToyTracks({ tracks: 4000, seed: 1 });
    const values = (toy.columns.get(name) as FlatColumn).values as Float32Array;
    const rows = Int32Array.from(values.keys()).filter((row) => keep(values[row]));
    const columns = [...toy.columns].map(([key, column]): [string, FlatColumn] => {
      const all = (column as FlatColumn).values as Float32Array;
      return [key, { kind: 'flat', values: Float32Array.from(rows, (row) => all[row]) }];
    });
    return { rows: rows.length, columns: new Map(columns) };
  };

  it.each([
    ['one class', without('trk_isTrue', (value) => value === 1), 'training: all '],
    [
      'no track of an iteration',
      without('trk_originalAlgo', (value) => value !== 10),
      'balancing: no tracks of TobTecStep; add files that have them, or leave them out with --absent-iterations ignore',
    ],
  ])('%s', async (name, table, message) => {
    const file = at(`${name.replaceAll(' ', '-')}.npz`);
    await writeColumns(file, [table]);
    const { code, err } = await run('train', '-o', at('refused'), ...QUICK, '-i', file);
    expect([code, err.length]).toEqual([2, 1]);
    expect(err[0]).toContain(message);
    expect(existsSync(at('refused'))).toBe(false);
  });

  it('leaves a place where the same run can be begun with other options', async () => {
    const toy = ['--toy-rows', '3000', '--absent-iterations', 'ignore', '--epochs', '1'];
    const refused = await run('train', '-o', at('again'), ...toy, '--batch-size', '2000');
    expect(refused.err).toEqual([expect.stringContaining('batch size 2000 is larger than the')]);
    await runWell('train', '-o', at('again'), ...toy, '--batch-size', '32', '--hidden-units', '8');
  });

  it('trains without an iteration where that is wanted', async () => {
    const file = at('no-track-of-an-iteration.npz');
    const some = ['-i', file, '--absent-iterations', 'ignore', '--epochs', '1', '--batch-size', '32'];
    const { out } = await runWell('train', '-o', at('absent'), ...QUICK, ...some);
    expect(out).toContain('no ROC of TobTecStep: 0 true tracks, 0 fakes');
  });
});
