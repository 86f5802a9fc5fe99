import { crc32 } from 'node:zlib';
import { describeWithFixture, fixturePath, goldenJson } from '@hep/test-support';
import type { Column } from '../columns/column.ts';
import { openRootFile } from '../root.ts';

const folder = ['calratio', 'tests_data'];

/** Numbers of a column and the checksum that tools/golden/root_values.py forms. */
function checksum(column: Column): [number, number] {
  const lengths: Buffer[] = [];
  let inner = column;
  while (inner.kind === 'jagged') {
    const { offsets } = inner;
    lengths.push(float64(Array.from(offsets.subarray(1), (end, i) => end - offsets[i])));
    inner = inner.content;
  }
  if (inner.kind === 'text') {
    return [inner.values.length, crc32(inner.values.map((text) => `${text}\n`).join(''))];
  }
  return [inner.values.length, crc32(Buffer.concat([float64(Array.from(inner.values, Number)), ...lengths]))];
}

function float64(values: readonly number[]): Buffer {
  return Buffer.from(Float64Array.from(values).buffer);
}

describeWithFixture(folder, 'trees of the CalRatio fixtures', () => {
  it('have the values that uproot reads, in every branch', async () => {
    const golden = goldenJson<Record<string, [number, number]>>('root', 'bib.json');
    const file = await openRootFile(fixturePath(...folder, 'bib.root'));
    const { rows, columns } = await file.read([...file.types.keys()]);
    await file.close();
    expect(rows).toBe(10);
    expect(Object.fromEntries([...columns].map(([name, column]) => [name, checksum(column)]))).toEqual(
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
