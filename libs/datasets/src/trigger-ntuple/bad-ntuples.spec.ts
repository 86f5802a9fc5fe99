import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseWaferMap } from '@hep/hgcal-geometry';
import { goldenPath } from '@hep/test-support';
import { openColumns } from '../columns.ts';
import { listNtuples, openNtuple } from './open-ntuple.ts';
import { cell, cuts, everything, floats, folder, ntuple, refusal, vectors } from './testing/ntuples.ts';
import type { Cell } from './testing/ntuples.ts';

const at = (name: string) => join(folder, name);

describe('a file that cannot be used', () => {
  const spoilt = async (more: Cell, others: readonly Cell[] = []) =>
    refusal([await ntuple('bad.parquet', [{ cells: [cell(0)] }, { cells: [...others, cell(5, more)] }])]);

  it.each([
    [
      { tc_cellu: 8 },
      'tc_cellu 8, tc_cellv 5 is on no module, expected one of its 48 cells, u and v from 0 to 7',
    ],
    [{ tc_cellu: 0, tc_cellv: 7 }, 'tc_cellu 0, tc_cellv 7 is on no module, expected one of its 48 cells'],
    [{ tc_data: -1 }, 'tc_data is -1, expected a whole number from 0 to 2147483647'],
    [{ tc_eta: NaN }, 'tc_eta NaN, tc_phi 1; expected finite numbers'],
    [
      { tc_zside: 0 },
      'module in tc_zside 0, tc_layer 9, tc_waferu -3, tc_waferv 2; expected side -1 or 1, a layer',
    ],
    [
      { tc_waferu: -999 },
      'module in tc_zside 1, tc_layer 9, tc_waferu -999, tc_waferv 2; expected side -1 or 1',
    ],
  ])('with %j is refused with the entry', async (more, message) => {
    expect(await spoilt(more, [cell(1)])).toContain(`bad.parquet: entry 1, trigger cell 1 of it: ${message}`);
  });

  it('with a cell twice is refused', async () => {
    expect(await spoilt({}, [cell(5)])).toBe(
      'bad.parquet: entry 1, trigger cell 1 of it: tc_cellu 6, tc_cellv 5 for the second time in module (-3, 2) of ' +
        'layer 9; expected each cell once',
    );
  });

  it('without branches is refused with the nearest names', async () => {
    const path = await ntuple('names.parquet', [{ cells: [cell(0)] }], (columns) => {
      columns.set('tc_wafer_u', columns.get('tc_waferu')!);
      for (const name of ['tc_waferu', 'gen_pt']) columns.delete(name);
    });
    expect(await refusal([path], { ...everything, cuts })).toMatch(
      /^names.parquet: 2 of 12 branches missing: tc_waferu \(.*tc_wafer_u.*\), gen_pt.*; choose the tree, or leave cuts on gen_ away with --no-gen-cuts$/,
    );
  });

  it('with vectors of different lengths, or none, is refused', async () => {
    const lists = (counts: number[]) =>
      vectors(
        counts.map((count) => new Array<number>(count).fill(1)),
        floats,
      );
    const events = [{ cells: [cell(0)] }, { cells: [cell(1)] }];
    const uneven = await ntuple('uneven.parquet', events, (columns) => columns.set('tc_eta', lists([1, 2])));
    expect(await refusal([uneven])).toBe(
      'uneven.parquet: entry 1: 1 trigger cells in tc_subdet, 2 in tc_eta; expected as many in all branches',
    );
    const flat = await ntuple('flat.parquet', events, (columns) =>
      columns.set('tc_eta', { kind: 'flat', values: new Float32Array(2) }),
    );
    expect(await refusal([flat])).toBe(
      'flat.parquet: branch tc_eta has one number for each entry, expected a vector',
    );
  });

  it('with nothing left is refused with the reason', async () => {
    const path = await ntuple('few.parquet', [{ cells: [cell(0, { tc_data: 0 })], particles: [[1, 2]] }]);
    expect(await refusal([path], { ...everything, cuts })).toBe(
      'few.parquet: none of 1 events passes the cuts on gen_pt and gen_eta; widen them, or give other files',
    );
    expect(await refusal([path])).toBe(
      'few.parquet: no module with charge in the chosen layers of 1 events (1 modules without charge, 0 trigger cells ' +
        'not in silicon); choose other layers or files',
    );
  });

  it('with a module that has charge and is not in the map is refused', async () => {
    const path = await ntuple('map.parquet', [
      { cells: [cell(0, { tc_data: 0, tc_waferu: 5 })] },
      { cells: [cell(0)] },
    ]);
    const waferMap = parseWaferMap('layer,waferu,waferv,tc_eta,tc_phi\n9,1,1,2,1');
    expect(await refusal([path], { ...everything, waferMap })).toBe(
      'map.parquet: entry 1: module (-3, 2) of layer 9 is not in the wafer map; give the map of this geometry, or none',
    );
  });
});

describe('files', () => {
  it('of patterns and folders come once', async () => {
    for (const name of ['one.root', 'two.root', 'three.txt']) await writeFile(at(name), '');
    expect(await listNtuples([at('two.root'), folder, at('t*.root')])).toEqual([
      at('two.root'),
      at('one.root'),
    ]);
    await expect(listNtuples([at('none*.root')])).rejects.toThrow(
      'none*.root: no such file; give a file, a folder',
    );
  });

  it('of ROOT with one tree need no name, those with several do', async () => {
    const path = goldenPath('root', 'tracks.root');
    const file = await openNtuple(path, {});
    expect(file.rows).toBe((await openColumns(path)).rows);
    await file.close();
    await expect(openNtuple(path, { directory: 'hgcal' })).rejects.toThrow(
      "tracks.root: no tree 'hgcal/HGCalTriggerNtuple', expected one of 'trackingNtuple/tree'",
    );
    await expect(openNtuple(goldenPath('root', 'types.root'), {})).rejects.toThrow(/trees, choose one of/);
  });
});
