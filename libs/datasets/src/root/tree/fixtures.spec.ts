import { describeWithFixture, fixturePath, goldenJson } from '@hep/test-support';
import { columnChecksum } from '../../columns.ts';
import { openRootFile } from '../../root.ts';

const folder = ['calratio', 'tests_data'];

describeWithFixture(folder, 'trees of the CalRatio fixtures', () => {
  it('have the values that uproot reads, in every branch', async () => {
    const golden = goldenJson<Record<string, [number, number]>>('root', 'bib.json');
    const file = await openRootFile(fixturePath(...folder, 'bib.root'));
    const { rows, columns } = await file.read([...file.types.keys()]);
    await file.close();
    expect(rows).toBe(10);
    expect(Object.fromEntries([...columns].map(([name, column]) => [name, columnChecksum(column)]))).toEqual(
      golden,
    );
  });

  it('name their types', async () => {
    const file = await openRootFile(fixturePath(...folder, 'bib.root'), { tree: 'trees_DV_' });
    await file.close();
    expect(file.types.get('campaign')).toBe('text');
    expect(file.types.get('eventNumber')).toBe('uint64');
    expect(file.types.get('HLT_jet_phi')).toBe('float64[]');
    expect(new Set(file.types.values())).toContain('int32[][]');
  });

  it('may have no entries', async () => {
    const file = await openRootFile(fixturePath(...folder, 'empty_divert_analysis_file.root'));
    await file.close();
    expect([file.rows, file.types.size]).toEqual([0, 0]);
  });
});
