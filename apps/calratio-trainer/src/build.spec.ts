import { readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateToyJets } from '@hep/calratio-jets';
import type { FlatColumn } from '@hep/datasets/columns';
import { openColumns, writeColumns } from '@hep/datasets/columns';
import { describeWithFixture, fixturePath, temporaryFolder } from '@hep/test-support';
import { run, runWell } from './testing/command-line.ts';

const BIB = ['calratio', 'tests_data', 'bib.pkl'];
const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);

async function column(path: string, name: string): Promise<FlatColumn['values']> {
  const file = await openColumns(path);
  try {
    return ((await file.read([name])).columns.get(name) as FlatColumn).values;
  } finally {
    await file.close();
  }
}

describeWithFixture(BIB, 'calratio-trainer build', () => {
  const bib = fixturePath(...BIB);

  it('writes a training file and does not overwrite one unless told', async () => {
    const { out } = await runWell('build', bib, '-o', at('main.parquet'));
    expect(out).toEqual([`${bib}: 558 of 558 jets`, `558 jets in ${at('main.parquet')}`]);
    const { code, err } = await run('build', bib, '-o', at('main.parquet'));
    expect([code, err]).toEqual([
      2,
      [
        `calratio-trainer: ${at('main.parquet')}: exists already; choose another name or overwrite it with --force`,
      ],
    ]);
    await runWell(
      'build',
      bib,
      '-o',
      at('main.parquet'),
      '--force',
      '--event-filter',
      'eventNumber % 2 == 1',
    );
    const events = await column(at('main.parquet'), 'eventNumber');
    expect(events.length).toBeGreaterThan(100);
    expect((events as BigUint64Array).every((event) => event % 2n === 1n)).toBe(true);
  });

  it('takes inputs with their own settings from YAML', async () => {
    const path = at('build.yaml');
    const inputs = [
      { input_file: `file://${bib}`, num_events: 50 },
      { input_file: bib, event_filter: 'jet_pt > 100' },
    ];
    await writeFile(
      path,
      JSON.stringify({ input_files: inputs, output_file: at('yaml.csv'), max_jet_pt: 400 }),
    );
    const { out } = await runWell('build', '--config', path);
    expect(out[0]).toBe(`${bib}: 50 of 558 jets`);
    const lines = (await readFile(at('yaml.csv'), 'utf8')).trimEnd().split('\n');
    expect(out[2]).toBe(`${lines.length - 1} jets in ${at('yaml.csv')}`);
  });
});

describe('calratio-trainer build', () => {
  it.each([
    [['build', '-o', 'x.parquet'], 'no input given, expected tables of jets'],
    [['build', 'a.pkl', '-o', 'x.root'], 'x.root: extension "root", expected one of .parquet, .csv, .npz'],
    [['build', 'nowhere/*.pkl', '-o', 'nowhere.parquet'], 'nowhere/*.pkl: no such file'],
    [
      ['build', 'a.pkl', '--min-jet-pt', '500'],
      'option --min-jet-pt: got 500, expected less than --max-jet-pt 500',
    ],
    [['build', 'root://host/a.pkl', '-o', 'nowhere.parquet'], 'scheme root is not known'],
  ])('%j is told', async (argv, message) => {
    const { code, err } = await run(...argv);
    expect(code).toBe(2);
    expect(err).toHaveLength(1);
    expect(err[0]).toContain(message);
  });
});

describe('a file that is read is not replaced', () => {
  it.each([
    ['build', ['build', at('own.parquet'), '-o', at('own.parquet'), '--force']],
    ['build, by a pattern', ['build', at('ow*.parquet'), '-o', at('own.parquet'), '--force']],
    ['build, by a link', ['build', at('link.parquet'), '-o', at('own.parquet'), '--force']],
    ['resample', ['resample', at('own.parquet'), at('own.parquet'), '--fraction', '0.5', '--force']],
    ['plot', ['plot', `toys=${at('own.parquet')}`, '-o', at('own.parquet')]],
  ])('%s', async (_, argv) => {
    await writeColumns(at('own.parquet'), [generateToyJets({ rows: 30, seed: 1, sample: 'main' })]);
    await rm(at('link.parquet'), { force: true });
    await symlink(at('own.parquet'), at('link.parquet'));
    const before = await readFile(at('own.parquet'));
    const { code, err } = await run(...argv);
    expect([code, err]).toEqual([
      2,
      [expect.stringContaining(`${at('own.parquet')}: is an input, which it would replace`)],
    ]);
    expect(await readFile(at('own.parquet'))).toEqual(before);
  });
});

describe('calratio-trainer resample', () => {
  it('keeps the same share of each label, seeded', async () => {
    await writeColumns(at('all.parquet'), [generateToyJets({ rows: 200, seed: 1, sample: 'main' })]);
    const count = (labels: FlatColumn['values'], label: number) =>
      Array.from(labels as Int32Array, Number).filter((value) => value === label).length;
    const labels = await column(at('all.parquet'), 'label');
    await runWell('resample', at('all.parquet'), at('some.parquet'), '--fraction', '0.25', '--seed', '5');
    await runWell('resample', at('all.parquet'), at('again.npz'), '--fraction', '0.25', '--seed', '5');
    const some = await column(at('some.parquet'), 'label');
    for (const label of [0, 1, 2]) expect(count(some, label)).toBe(Math.round(0.25 * count(labels, label)));
    expect(await column(at('again.npz'), 'jet_pt')).toEqual(await column(at('some.parquet'), 'jet_pt'));
    const kept = Array.from((await column(at('some.parquet'), 'jet_pt')) as Float32Array);
    expect(new Set(kept).size).toBe(kept.length);
    const { code, err } = await run('resample', at('all.parquet'), at('some.parquet'), '--fraction', '1.5');
    expect([code, err[0]]).toEqual([
      2,
      'calratio-trainer: option --fraction: got 1.5, expected a number, at least 0 and at most 1',
    ]);
  });
});
