import { parseWaferMap, triggerCells } from '@hep/hgcal-geometry';
import { goldenJson } from '@hep/test-support';
import { cell, converted, cuts, everything, ntuple, refusal } from './testing/ntuples.ts';
import type { Cell } from './testing/ntuples.ts';

interface GoldenTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly number[])[];
}

function goldenRecords(file: string): Record<string, number>[] {
  const { columns, rows } = goldenJson<GoldenTable>('geometry', file);
  return rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])));
}

describe('the pivot of the reference', () => {
  const expected = goldenRecords('ntuple_pivot.json');
  const places = ['entry', 'zside', 'layer', 'waferu', 'waferv'];
  const placeOf = (row: Cell, prefix = '') =>
    places.map((name) => row[name === 'entry' ? name : `${prefix}${name}`]).join();
  const modules = new Map(expected.map((row) => [placeOf(row), row]));
  const cells = goldenRecords('ntuple_tc_rows.json').map((row) => {
    const { subdet, tc_phi } = modules.get(placeOf(row, 'tc_'))!;
    return { ...row, tc_subdet: subdet, tc_phi };
  }) as Cell[];
  const events = Array.from({ length: 6 }, (_, entry) => ({
    cells: cells.filter((row) => row['entry'] === entry),
  }));

  it('is repeated, with the centres of the map', async () => {
    const header = 'layer,waferu,waferv,tc_eta,tc_phi';
    const centres = new Map(
      expected.map(({ layer, waferu, waferv, tc_eta, tc_phi }) => [
        [layer, waferu, waferv].join(),
        [tc_eta, tc_phi].join(),
      ]),
    );
    const lines = [...centres].map(([place, centre]) => `${place},${centre}`);
    const waferMap = parseWaferMap([header, ...lines].join('\n'));
    const { rows, header: columns } = await converted([await ntuple('golden.parquet', events)], {
      ...everything,
      waferMap,
    });
    expect(columns).toEqual(Object.keys(expected[0]).filter((name) => name !== 'WaferEntryIdx'));
    expect(rows.length).toBe(expected.length);
    for (const row of rows) {
      const wanted = modules.get(placeOf(row))!;
      for (const name of columns) {
        if (/^CALQ|layer|wafer|subdet/.test(name)) expect([name, row[name]]).toEqual([name, wanted[name]]);
        else expect(row[name]).toBeCloseTo(wanted[name], 5);
      }
    }
  });
});

describe('modules', () => {
  it('have every cell at its number, missing ones 0, raw or transverse', async () => {
    const path = await ntuple('cells.parquet', [
      { cells: triggerCells.slice(1).map((index) => cell(index, { tc_data: 10 * index })) },
    ]);
    const raw = await converted([path], { ...everything, isRaw: true });
    expect(triggerCells.map((index) => raw.rows[0][`CALQ_${index}`])).toEqual(
      triggerCells.map((index) => 10 * index),
    );
    const { rows } = await converted([path]);
    // trunc(4096 / cosh(2)) is 1088, by hand
    expect(triggerCells.map((index) => rows[0][`CALQ_${index}`])).toEqual(
      triggerCells.map((index) => Math.floor((10 * index * 1088) / 4096)),
    );
    expect(rows[0]['simenergy']).toBe(23.5);
  });

  it('of signs that one number cannot tell apart stay apart, in order', async () => {
    const at = (zside: number, layer: number, u: number, v: number, subdet = 1) =>
      cell(0, {
        ...{ tc_zside: zside, tc_layer: layer, tc_waferu: u, tc_waferv: v, tc_subdet: subdet },
        tc_data: 4000,
      });
    // 100 u + v is 199 for the first two, 1e4 layer + 100 u + v is 90 101 for the next two
    const modules = [at(1, 9, 2, -1), at(1, 9, 1, 99), at(1, 9, 1, 1), at(1, 8, 101, 1)];
    const others = [at(-1, 9, 2, -1), at(1, 9, 2, -1, 2), at(1, 9, -2, 1), at(1, 9, -2, -1)];
    const path = await ntuple('signs.parquet', [{ cells: [...modules, ...others] }, { cells: modules }]);
    const { rows } = await converted([path]);
    const keys = rows.map((row) =>
      ['entry', 'zside', 'subdet', 'layer', 'waferu', 'waferv'].map((name) => row[name]),
    );
    expect(keys).toEqual([
      ...[
        [0, -1, 1, 9, 2, -1],
        [0, 1, 1, 8, 101, 1],
      ],
      ...[
        [0, 1, 1, 9, -2, -1],
        [0, 1, 1, 9, -2, 1],
        [0, 1, 1, 9, 1, 1],
        [0, 1, 1, 9, 1, 99],
      ],
      ...[
        [0, 1, 1, 9, 2, -1],
        [0, 1, 2, 9, 2, -1],
      ],
      ...[
        [1, 1, 1, 8, 101, 1],
        [1, 1, 1, 9, 1, 1],
        [1, 1, 1, 9, 1, 99],
        [1, 1, 1, 9, 2, -1],
      ],
    ]);
  });

  it('point where their cells do on average, across the cut in azimuth, too', async () => {
    const cells = [cell(0, { tc_eta: -2, tc_phi: 3.1 }), cell(1, { tc_eta: -2.5, tc_phi: -3.1 })];
    const { rows } = await converted([await ntuple('mean.parquet', [{ cells }])]);
    expect(rows[0]['tc_eta']).toBe(-2.25);
    expect(Math.abs(rows[0]['tc_phi'])).toBeCloseTo(Math.PI, 6);
  });

  it('without charge are counted, and those not in silicon; entry counts on over files', async () => {
    const tile = { tc_subdet: 10, tc_waferu: -999, tc_waferv: -999, tc_cellu: 30, tc_cellv: 150 };
    const empty = cell(0, { tc_data: 3, tc_waferu: 5 });
    const first = await ntuple('a.parquet', [{ cells: [cell(0, tile)] }, { cells: [cell(0), empty] }]);
    const second = await ntuple('b.parquet', [{ cells: [] }, { cells: [cell(3)] }]);
    const { rows, counts } = await converted([first, second]);
    expect(rows.map(({ entry }) => entry)).toEqual([1, 3]);
    expect(counts).toEqual([
      { path: first, events: 2, passed: 2, modules: 1, empty: 1, notSilicon: 1 },
      { path: second, events: 2, passed: 2, modules: 1, empty: 0, notSilicon: 0 },
    ]);
  });

  it('of events whose first particle is outside of the cuts are left out, limits included', async () => {
    const particles = [
      [[5, 2.4]],
      [[4.9, 2]],
      [[200, 1.6]],
      [[20, -2]],
      [],
      [
        [1, 2],
        [20, 2],
      ],
      [
        [20, 2],
        [1, 9],
      ],
    ];
    const path = await ntuple(
      'cuts.parquet',
      particles.map((particles) => ({ cells: [cell(0)], particles: particles as [number, number][] })),
    );
    const { rows } = await converted([path], { ...everything, cuts });
    expect(rows.map(({ entry }) => entry)).toEqual([0, 2, 6]);
  });

  it('need neither particles nor simulated energy where nothing is cut', async () => {
    const lacking = await ntuple('bare.parquet', [{ cells: [cell(0)] }], (columns) => {
      for (const name of ['gen_pt', 'gen_eta', 'tc_simenergy']) columns.delete(name);
    });
    const { header } = await converted([lacking]);
    expect(header.length).toBe(56);
    expect(header.slice(48)).toEqual([
      'entry',
      'zside',
      'layer',
      'waferu',
      'waferv',
      'subdet',
      'tc_eta',
      'tc_phi',
    ]);
    const other = await ntuple('whole.parquet', [{ cells: [cell(0)] }]);
    expect(await refusal([lacking, other])).toBe(
      'whole.parquet: tc_simenergy is in whole.parquet but not in bare.parquet; convert them to files of their own',
    );
  });
});
