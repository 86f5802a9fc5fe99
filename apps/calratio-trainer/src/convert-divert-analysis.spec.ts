import { copyFile, mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_BRANCHES, NTUPLE_TREE } from '@hep/calratio-jets';
import { openColumns, writeColumns } from '@hep/datasets/columns';
import { openRootFile } from '@hep/datasets/root';
import type { FlatColumn } from '@hep/datasets/columns';
import { withLock } from '@hep/files';
import { describeWithFixture, expectClose, fixturePath, temporaryFolder } from '@hep/test-support';
import { run, runWell } from './testing/command-line.ts';

const folder = await temporaryFolder();
const at = (...names: string[]) => join(folder, ...names);
const ntuple = (name: string) => fixturePath('calratio', 'tests_data', name);
const bib = ntuple('bib.root');
const qcd = ntuple('short_divert_analysis_file.root');
const empty = ntuple('empty_divert_analysis_file.root');
const convert = (...argv: string[]) => ['convert', 'divertanalysis', '--format', 'csv', ...argv];

/** Lines without the folder of the test. */
const local = (lines: readonly string[]) => lines.map((line) => line.replaceAll(`${folder}/`, ''));

async function config(name: string, text: string): Promise<string> {
  await writeFile(at(name), text);
  return at(name);
}

/** Header and first row of a table. */
async function firstRow(...names: string[]): Promise<Record<string, number>> {
  const [header, row] = (await readFile(at(...names), 'utf8')).split('\n').map((line) => line.split(','));
  return Object.fromEntries(header.map((name, index) => [name, Number(row[index])]));
}

describeWithFixture(['calratio', 'tests_data', 'bib.root'], 'convert divertanalysis', () => {
  it('converts files of the command line and keeps what exists', async () => {
    await mkdir(at('a'));
    await writeFile(at('a', '.bib.csv.77.tmp'), 'left by a killed process');
    const { out, err } = await runWell(...convert(bib, '--data_type', 'bib', '-o', at('a')));
    expect([local(out), err]).toEqual([['1 jets of 10 events in a/bib.csv'], []]);
    expect(await firstRow('a', 'bib.csv')).toMatchObject({
      label: 2,
      eventNumber: 823061996,
      jet_pt: 60.1982109375,
    });
    const { mtimeMs } = await stat(at('a', 'bib.csv'));
    const again = await runWell(...convert(bib, '--data-type', 'bib', '-o', at('a')));
    expect(local(again.out)).toEqual(['a/bib.csv exists. Skipped.']);
    expect((await stat(at('a', 'bib.csv'))).mtimeMs).toBe(mtimeMs);
    expect(await readdir(at('a'))).toEqual(['bib.csv']);
  });

  it.each(['parquet', 'csv', 'npz'])('writes the same numbers as %s', async (format) => {
    const chosen = format === 'parquet' ? [] : ['--format', format];
    await runWell('convert', 'divertanalysis', qcd, '--data-type', 'qcd', '-o', at('formats'), ...chosen);
    const file = await openColumns(at('formats', `short_divert_analysis_file.${format}`));
    const { columns } = await file.read([...file.types.keys()]);
    await file.close();
    const found = [...columns].map(([name, column]) => [name, Number((column as FlatColumn).values[0])]);
    const golden = (await readFile(fixturePath('calratio', 'golden', 'short_qcd.csv'), 'utf8')).split(
      /\r?\n/,
    );
    const [header, row] = golden.map((line) => line.split(','));
    expect(found.map(([name]) => name)).toEqual(header);
    expectClose(
      found.map(([, value]) => value as number),
      row.map(Number),
      { relative: 1e-8 },
      format,
    );
  });

  it('reads events from Parquet, too', async () => {
    const ntuple = await openRootFile(bib, { tree: NTUPLE_TREE });
    const table = await ntuple.read(DEFAULT_BRANCHES.bib);
    await writeColumns(at('bib.parquet'), [table]);
    await ntuple.close();
    await runWell(...convert(at('bib.parquet'), '--data-type', 'bib', '-o', at('events')));
    await runWell(...convert(bib, '--data-type', 'bib', '-o', at('root')));
    expect(await readFile(at('events', 'bib.csv'), 'utf8')).toBe(
      await readFile(at('root', 'bib.csv'), 'utf8'),
    );
  });

  it('takes files with their own settings from YAML, in both spellings of the masses', async () => {
    const path = await config(
      'inputs.yaml',
      `input_files:
  - { input_file: '${fixturePath('calratio', 'tests_data')}/sho*.root', data_type: qcd, output_dir: q, mH: 125, mS: 25 }
  - { input_file: 'file://${bib}', data_type: bib, output_dir: b, llp_mH: 60, llp_mS: 5 }
output_path: ${at('yaml')}
min_jet_pt: 59.5
`,
    );
    const { out, err } = await runWell('convert', 'divertanalysis', '--format', 'csv', '--config', path);
    expect(local(out)).toEqual(['1 jets of 10 events in yaml/b/bib.csv']);
    expect(err).toEqual([`warning: ${qcd} has 0 events after cuts. Skipped.`]);
    expect(await firstRow('yaml', 'b', 'bib.csv')).toMatchObject({ llp_mH: 60, llp_mS: 5, mcEventWeight: 1 });
    await runWell('convert', 'divertanalysis', '--format', 'csv', '--config', path, '--min-jet-pt', '40');
    expect(await firstRow('yaml', 'q', 'short_divert_analysis_file.csv')).toMatchObject({
      llp_mH: 125,
      llp_mS: 25,
    });
  });

  it('warns of a file without events', async () => {
    const { err } = await runWell(...convert(empty, '-o', at('none')));
    expect(err).toEqual([`warning: ${empty} has 0 events. Skipped.`]);
    expect(await readdir(at('none'))).toEqual([]);
  });

  it('tells what is wrong with a file, goes on, and ends with exit code 2', async () => {
    await mkdir(at('broken'));
    await copyFile(bib, at('broken', 'cut.root'));
    await truncate(at('broken', 'cut.root'), 100_000);
    await writeFile(at('broken', 'text.root'), 'no ROOT file');
    await copyFile(qcd, at('broken', 'z.root'));
    const { code, out, err } = await run(
      ...convert(at('broken', '*.root'), '--data-type', 'qcd', '-o', at('rest')),
    );
    expect([code, local(out)]).toEqual([2, ['1 jets of 1 events in rest/z.csv']]);
    expect(err.length).toBe(3);
    expect(err[0]).toMatch(/^error: .*broken\/cut\.root/);
    expect(err[1]).toMatch(/^error: .*broken\/text\.root/);
    expect(err[2]).toBe('2 of 3 files were not converted');
    expect(await readdir(at('rest'))).toEqual(['z.csv']);
  });

  it('names all branches that a file lacks', async () => {
    const { code, err } = await run(...convert(bib, '-o', at('sig')));
    expect([code, ...err]).toEqual([
      2,
      `error: ${bib}: does not contain the required branches llp_eta, llp_phi, llp_Lxy, llp_Lz, llp_pT, mcEventWeight; ` +
        'choose another --data-type or list the branches to read',
      '1 of 1 files were not converted',
    ]);
  });

  it('leaves a table to the process that writes it', async () => {
    const held = await withLock(at('held', 'bib.csv'), () =>
      run(...convert(bib, '--data-type', 'bib', '-o', at('held'))),
    );
    expect(held?.result.code).toBe(0);
    expect(local(held!.result.err)).toEqual([
      'warning: held/bib.csv is being written by another process. Skipped.',
    ]);
    expect(await readdir(at('held'))).toEqual([]);
  });

  it('refuses two files for one table', async () => {
    await mkdir(at('copy'));
    await copyFile(bib, at('copy', 'bib.root'));
    const { code, err } = await run(
      ...convert(bib, at('copy', '*.root'), bib, '--data-type', 'bib', '-o', at('two')),
    );
    expect([code, ...local(err)]).toEqual([
      2,
      `calratio-trainer: ${bib} (bib) and copy/bib.root (bib) would both become two/bib.csv; give them an output_dir ` +
        'each in input_files, or convert them to different folders',
    ]);
  });
});

describe('convert divertanalysis', () => {
  it.each([
    [[], 'no input given, expected ntuples on the command line or input_files in a YAML file (--config)'],
    [['none*.root'], 'none*.root: no such file'],
    [['x.root', '--data-type', 'data'], 'option --data-type: got "data", expected one of sig, qcd, bib'],
    [['x.root', '--min-jet-pt', '500'], 'option --min-jet-pt: got 500, expected less than --max-jet-pt 500'],
  ])('refuses %j', async (argv, message) => {
    const { code, err } = await run(...convert(...argv));
    expect([code, ...err]).toEqual([2, `calratio-trainer: ${message}`]);
  });

  it.each([
    [
      '{ input_file: a, data_type: sgi }',
      'entry 1: data_type: got "sgi", expected one of sig, qcd, bib; did you mean sig?',
    ],
    ['{ data_type: sig }', 'entry 1: input_file: is missing, expected text'],
    ['{ input_file: a, data_type: sig, mh: 1 }', 'entry 1: unknown key mh; did you mean mH?'],
    [
      '{ input_file: a, data_type: sig, llp_mH: 125, mH: 125 }',
      'entry 1: llp_mH and mH are both given, expected one',
    ],
  ])('refuses the input %s', async (entry, message) => {
    const path = await config('bad.yaml', `input_files: [${entry}]`);
    const { code, err } = await run(...convert('--config', path));
    const where = entry.includes('mH: 125') ? '' : `${path} line 1, `;
    expect([code, ...err]).toEqual([2, `calratio-trainer: ${where}key input_files: ${message}`]);
  });
});
