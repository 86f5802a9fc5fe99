import { readFileSync } from 'node:fs';
import { describeWithFixture, fixturePath } from '@hep/test-support';
import { openPickleFile } from '../pickle.ts';
import type { Column } from '../columns.ts';

const FELIX = ['calratio', 'tests_data', 'felix_control_region.pkl'];
const BIB = ['calratio', 'tests_data', 'bib.pkl'];
const ONE = ['calratio', 'tests_data', 'one_length_file.pkl'];

function numbers(column: Column | undefined): number[] {
  if (column?.kind !== 'flat') throw new Error('no flat column');
  return Array.from(column.values, Number);
}

describeWithFixture(FELIX, 'pickled control region', () => {
  const [header, ...lines] = readFileSync(fixturePath('calratio', 'felix_control_region.csv'), 'utf8')
    .trim()
    .split('\n');
  const names = header.split(',');
  const cells = lines.map((line) => line.split(','));

  it('has every column of the readable copy, to its seven digits', async () => {
    const file = await openPickleFile(fixturePath(...FELIX));
    expect(file.rows).toBe(449);
    expect([...file.types.keys()]).toEqual(names);
    const { columns } = await file.read(names);
    await file.close();
    names.forEach((name, position) => {
      numbers(columns.get(name)).forEach((value, row) => {
        const text = cells[row][position];
        const expected = text === '' ? NaN : Number(text);
        if (Object.is(value, expected)) return;
        const isClose = Math.abs(value - expected) <= 1.01e-6 * Math.abs(expected);
        if (!isClose) throw new Error(`${name} row ${row}: ${value}, expected ${text}`);
      });
    });
  });
});

describeWithFixture(BIB, 'pickled background jets', () => {
  it('keeps the types of the blocks', async () => {
    const file = await openPickleFile(fixturePath(...BIB));
    const dtypes = [...file.types.values()];
    expect(file.rows).toBe(558);
    expect(dtypes.filter((type) => type === 'float64')).toHaveLength(701);
    expect(dtypes.filter((type) => type === 'float32')).toHaveLength(110);
    expect(file.types.get('eventNumber')).toBe('uint64');
    expect(file.types.get('runNumber')).toBe('uint32');
    expect(file.types.get('jet_isClean_LooseBadLLP')).toBe('int8');
    await file.close();
  });

  it('gives the same rows in part as in whole', async () => {
    const file = await openPickleFile(fixturePath(...BIB));
    const names = ['eventNumber', 'jet_pt', 'clus_time_29', 'label'];
    const all = await file.read(names);
    const part = await file.read(names, { first: 100, end: 103 });
    expect(part.rows).toBe(3);
    for (const name of names) {
      expect(numbers(part.columns.get(name))).toEqual(numbers(all.columns.get(name)).slice(100, 103));
    }
    await file.close();
  });
});

describeWithFixture(ONE, 'pickled table of one row', () => {
  it('is read', async () => {
    const file = await openPickleFile(fixturePath(...ONE));
    const { columns, rows } = await file.read(['label', 'eventNumber', 'jet_pt', 'llp_mH']);
    expect(rows).toBe(1);
    expect(numbers(columns.get('jet_pt'))[0]).toBeGreaterThan(0);
    await file.close();
  });
});
