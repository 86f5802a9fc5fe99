import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { loadWafers } from '@hep/datasets';
import { openColumns } from '@hep/datasets/columns';
import { goldenJson, temporaryFolder } from '@hep/test-support';
import { run, runWell } from './testing/command-line.ts';

const folder = await temporaryFolder();
const at = (...names: string[]) => join(folder, ...names);
const ntuple = at('ntuple.root');
// Made of the golden trigger cells by tools/golden/trigger_cells.py.
await writeFile(
  ntuple,
  gunzipSync(await readFile(join(import.meta.dirname, 'testing/trigger-cells.root.gz'))),
);

/** The one line of a refused command, with the folder's path taken out. */
async function refusal(...argv: string[]): Promise<string> {
  const { code, err } = await run('convert', ...argv);
  expect(code).toBe(2);
  expect(err.length).toBe(1);
  return err[0].replaceAll(`${folder}/`, '').replace('ecoder-trainer: ', '');
}

describe('convert', () => {
  const { columns, rows } = goldenJson<{ columns: string[]; rows: number[][] }>(
    'geometry',
    'ntuple_pivot.json',
  );
  const sorted = (numbers: readonly number[][]) => numbers.map((row) => row.join()).sort();
  const places = ['entry', 'zside', 'subdet', 'layer', 'waferu', 'waferv'] as const;
  const golden = sorted(
    rows.map((row) => [...row.slice(1, 49), ...places.map((name) => row[columns.indexOf(name)])]),
  );

  it('makes the modules of the reference from a ROOT file, which train reads and learns from', async () => {
    const { out } = await runWell('convert', ntuple, '-N', '-1', '--no-gen-cuts', '-o', at('all.csv'));
    expect(out).toEqual([`${ntuple}: 72 modules in 6 of 6 events`, `72 modules in ${at('all.csv')}`]);
    const wafers = await loadWafers([at('all.csv')]);
    const made = Array.from({ length: wafers.rows }, (_, row) => [
      ...wafers.charges.slice(48 * row, 48 * row + 48),
      ...places.map((name) => wafers.side.get(name)![row]),
    ]);
    expect(sorted(made)).toEqual(golden);
    expect(wafers.side.has('SimEnergyTotal')).toBe(true);
    await runWell('train', '-i', at('all.csv'), '-o', at('run'), '--epochs', '1', '--batch-size', '20');
    expect(await readdir(at('run'))).toContain('summary.csv');
  });

  it('takes the events that pass, and the layers that are wanted, of all files', async () => {
    // Events 1 to 5 have pT 20 to 60 GeV and eta 1.75 to 2.75.
    const flags = ['--layers', '5,7,9,11,13', '--pt-min', '30', '--eta-max', '2.25'];
    await runWell('convert', '-i', ntuple, '-i', at('n*.root'), ...flags, '-o', at('cut.parquet'));
    const file = await openColumns(at('cut.parquet'));
    const { columns: table } = await file.read(['entry']);
    await file.close();
    const entry = table.get('entry');
    expect(new Set(entry?.kind === 'flat' ? Array.from(entry.values, Number) : [])).toEqual(new Set([2, 3]));
  });

  it('keeps what is there unless told otherwise, and never replaces an input', async () => {
    await writeFile(at('there.csv'), 'mine');
    expect(await refusal(ntuple, '-o', at('there.csv'))).toBe(
      'there.csv: exists already; choose another name or overwrite it with --force',
    );
    expect(await refusal(ntuple, '-o', at('there.csv'), '--force', '--pt-min', '150')).toBe(
      'ntuple.root: none of 6 events passes the cuts on gen_pt and gen_eta; widen them, or give other files',
    );
    expect(await readFile(at('there.csv'), 'utf8')).toBe('mine');
    await writeFile(at('map.csv'), 'layer,waferu,waferv,tc_eta,tc_phi');
    expect(await refusal(ntuple, '-o', at('map.csv'), '--wafer-map', at('map.csv'), '--force')).toBe(
      'map.csv: is an input, which it would replace; choose another output',
    );
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it.each([
    [['-o', 'x.root'], 'x.root: extension "root", expected one of .parquet, .csv, .npz'],
    [['--elinks', '6'], '6 eLinks: layers are known for 2, 3, 4 and 5 eLinks, -1 means all layers'],
    [['--pt-min', '300'], 'option --pt-min: got 300, expected at most --pt-max 200'],
    [['--wafer-map', 'none.csv'], 'option --wafer-map: none.csv cannot be read (ENOENT)'],
    [
      ['-d', 'other'],
      "ntuple.root: no tree 'other/HGCalTriggerNtuple', expected one of " +
        "'FloatingpointThreshold0DummyHistomaxGenmatchGenclustersntuple/HGCalTriggerNtuple'",
    ],
  ])('refuses %j', async (flags, message) => {
    expect(await refusal(ntuple, '-o', at('none.csv'), ...flags)).toBe(message);
  });
});
