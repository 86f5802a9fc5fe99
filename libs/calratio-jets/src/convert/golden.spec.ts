import type { FlatColumn } from '@hep/datasets/columns';
import { openRootFile } from '@hep/datasets/root';
import { describeWithFixture, expectClose, fixturePath } from '@hep/test-support';
import { readFileSync } from 'node:fs';
import { convertNtuple, NTUPLE_TREE } from '../index.ts';
import type { DataType } from '../index.ts';

const fixture = (...names: string[]) => fixturePath('calratio', ...names);

/** What the reference wrote: floats have 9 digits. */
const TYPES: Readonly<Record<string, new (count: number) => unknown>> = {
  int8: Int8Array,
  int64: BigInt64Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
};

async function convert(file: string, dataType: DataType) {
  const ntuple = await openRootFile(fixture('tests_data', file), { tree: NTUPLE_TREE });
  const settings = { dataType, minJetPtGeV: 40, maxJetPtGeV: 500, mHGeV: 0, mSGeV: 0 };
  const tables = [];
  for await (const table of convertNtuple(ntuple, settings)) tables.push(table);
  await ntuple.close();
  return tables;
}

describeWithFixture(['calratio', 'golden', 'bib.csv'], 'tables of the reference', () => {
  it.each([
    ['bib.root', 'bib', 'bib'],
    ['short_divert_analysis_file.root', 'qcd', 'short_qcd'],
  ] as const)('are what %s as %s becomes', async (file, dataType, golden) => {
    const [header, ...lines] = readFileSync(fixture('golden', `${golden}.csv`), 'utf8')
      .trimEnd()
      .split(/\r?\n/);
    const types = JSON.parse(readFileSync(fixture('golden', `${golden}.dtypes.json`), 'utf8')) as Record<
      string,
      string
    >;
    const [table, ...others] = await convert(file, dataType);
    expect([others.length, table.rows]).toEqual([0, lines.length]);
    expect([...table.columns.keys()]).toEqual(header.split(','));
    const expected = lines.map((line) => line.split(',').map(Number));
    [...table.columns].forEach(([name, column], at) => {
      const { values } = column as FlatColumn;
      expect([name, values.constructor]).toEqual([name, TYPES[types[name]]]);
      expectClose(
        Array.from(values, Number),
        expected.map((row) => row[at]),
        { relative: 1e-8 },
        name,
      );
    });
  });

  it('have at least 800 columns with a few of them filled', async () => {
    const [table] = await convert('short_divert_analysis_file.root', 'qcd');
    const filled = [...table.columns.values()].filter((column) => (column as FlatColumn).values[0] !== 0);
    expect(table.columns.size).toBe(815);
    expect(filled.length).toBeGreaterThan(60);
  });
});
