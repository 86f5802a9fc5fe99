import { describeWithFixture, fixturePath } from '@hep/test-support';
import { JET_SAMPLES, loadJetTable } from '../index.ts';

const FELIX = ['calratio', 'tests_data', 'felix_control_region.pkl'];
const BIB = ['calratio', 'tests_data', 'bib.pkl'];

describeWithFixture(FELIX, 'control region of an older file', () => {
  it('is read in today’s names, finite, with its rows by label', async () => {
    const { table, rowsByLabel, replaced } = await loadJetTable([fixturePath(...FELIX)], {
      sample: 'control',
    });
    expect(table.rows).toBe(449);
    expect(rowsByLabel).toEqual(
      new Map([
        [0, 226],
        [2, 223],
      ]),
    );
    for (const name of JET_SAMPLES.control.required) expect(table.columns.has(name)).toBe(true);
    for (const { values } of table.columns.values()) {
      expect(values.every((value) => typeof value === 'bigint' || Number.isFinite(value))).toBe(true);
    }
    expect(replaced.find(({ column }) => column === 'track_pt_19')).toMatchObject({ column: 'track_pt_19' });
  });

  it('joins files one after the other', async () => {
    const path = fixturePath(...FELIX);
    const { table, files } = await loadJetTable([path, `file://${path}`], { sample: 'control' });
    expect(table.rows).toBe(898);
    expect(files).toEqual([
      { path, firstRow: 0 },
      { path, firstRow: 449 },
    ]);
    const { values } = table.columns.get('jet_pt')!;
    expect(values.slice(449)).toEqual(values.slice(0, 449));
  });

  it('is no main sample: all missing columns are named at once', async () => {
    await expect(loadJetTable([fixturePath(...FELIX)], { sample: 'main' })).rejects.toThrow(
      /felix_control_region.pkl: 2 columns missing of \d+ present: llp_mH, llp_mS$/,
    );
  });
});

describeWithFixture(BIB, 'converted background', () => {
  it('keeps event numbers exactly', async () => {
    const { table, rowsByLabel } = await loadJetTable([fixturePath(...BIB)], { sample: 'main' });
    expect([...rowsByLabel]).toEqual([[2, 558]]);
    const { values } = table.columns.get('eventNumber')!;
    expect(values).toBeInstanceOf(BigUint64Array);
    expect(values).toHaveLength(558);
    expect(table.columns.get('mcEventWeight')!.values).toEqual(new Float64Array(558).fill(1));
  });
});
