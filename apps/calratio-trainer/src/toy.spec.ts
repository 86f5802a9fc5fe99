import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TRAINING_COLUMNS } from '@hep/calratio-jets';
import { openColumns } from '@hep/datasets/columns';
import { temporaryFolder } from '@hep/test-support';
import { run, runWell } from './testing/command-line.ts';

const folder = await temporaryFolder();
const write = (name: string, ...more: string[]) =>
  runWell(
    'toy',
    '-o',
    join(folder, name),
    '--rows',
    '30',
    '--control-rows',
    '20',
    '--format',
    'csv',
    ...more,
  );

describe('toy', () => {
  it('writes a main sample and a control region, the same for the same seed', async () => {
    const { out } = await write('a');
    expect(out.map((line) => line.replace(folder, ''))).toEqual([
      '30 synthetic jets in /a/main.csv',
      '20 synthetic jets in /a/control.csv',
    ]);
    await write('again');
    await write('other', '--seed', '2');
    expect((await readdir(join(folder, 'a'))).sort()).toEqual(['control.csv', 'main.csv']);
    const text = (name: string, file: string) => readFile(join(folder, name, file), 'utf8');
    const withoutParticles = TRAINING_COLUMNS.filter((name) => !name.startsWith('llp_'));
    for (const [file, rows, columns] of [
      ['main.csv', 30, TRAINING_COLUMNS],
      ['control.csv', 20, withoutParticles],
    ] as const) {
      const lines = (await text('a', file)).trimEnd().split('\n');
      expect(lines.length).toBe(rows + 1);
      expect(lines[0].split(',')).toEqual(columns);
      expect(await text('again', file)).toBe(await text('a', file));
      expect(await text('other', file)).not.toBe(await text('a', file));
    }
  });

  it('writes Parquet unless told otherwise', async () => {
    await runWell('toy', '-o', join(folder, 'parquet'), '--rows', '3', '--control-rows', '2');
    const file = await openColumns(join(folder, 'parquet', 'main.parquet'));
    expect([file.rows, ...file.types.keys()]).toEqual([3, ...TRAINING_COLUMNS]);
    expect(['label', 'eventNumber', 'jet_pt', 'llp_mH'].map((name) => file.types.get(name))).toEqual([
      ...['int64', 'uint64', 'float32', 'float64'],
    ]);
    await file.close();
  });

  it('writes what plot takes for a main sample and a control region', async () => {
    const [main, control] = ['main.csv', 'control.csv'].map((name) => join(folder, 'a', name));
    const report = join(folder, 'plots.html');
    await runWell('plot', `toys=${main}`, `region=${control}`, '-o', report);
    const html = await readFile(report, 'utf8');
    expect(html).toContain('<td>region</td><td>Multijet data (2)</td>');
    expect(html).toContain('<td>toys</td><td>BIB data (2)</td>');
  });

  it('refuses a place that is a file', async () => {
    const { code, err } = await run('toy', '-o', join(folder, 'a', 'main.csv'), '--rows', '1');
    expect(code).toBe(2);
    expect(err.length).toBe(1);
    expect(err[0]).toContain('main.csv');
  });
});
