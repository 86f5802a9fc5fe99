import { goldenJson, goldenPath } from '@hep/test-support';
import fc from 'fast-check';
import type { RowRange } from '../../columns.ts';
import { openRootFile } from '../../root.ts';
import type { Plain } from '../testing/plain-rows.ts';
import { asJson, readPlain } from '../testing/plain-rows.ts';

/** Written by ROOT with tools/golden/root_fields.py, six entries in three clusters. */
const path = goldenPath('root', 'fields.root');
const golden = goldenJson<Record<string, Plain[]>>('root', 'fields.json');
const names = Object.keys(golden);

const valuesOf = async (range?: RowRange) => asJson(await readPlain(path, names, range));

describe('fields of an RNTuple written by ROOT', () => {
  it('have the values that were put in, whatever their type, also those added while writing', async () => {
    expect(await valuesOf()).toEqual(golden);
  });

  it('have them in any range of rows', async () => {
    const range = fc.tuple(fc.nat(6), fc.nat(6)).map((ends) => ends.toSorted());
    await fc.assert(
      fc.asyncProperty(range, async ([first, end]) => {
        const sliced = Object.entries(golden).map(([name, rows]) => [name, rows.slice(first, end)]);
        expect(await valuesOf({ first, end })).toEqual(Object.fromEntries(sliced));
      }),
      { numRuns: 15 },
    );
  });

  it('are columns of their members, named by type', async () => {
    const file = await openRootFile(path);
    await file.close();
    expect([...file.types.keys()].toSorted()).toEqual(names.toSorted());
    expect(Object.fromEntries(file.types)).toMatchObject({
      'inner.best.base': 'int32',
      'inner.hits.times': 'float32[][]',
      'inner.kind': 'int16',
      grid: 'float32[6]',
      'two.times': 'float32[][]',
      bits: 'bool[10]',
      maybes: 'int32[][]',
      'either._1': 'text[]',
      nHits: 'uint32',
      half: 'float32',
      latePair: 'int32[2]',
      'tuple._1': 'float64',
    });
  });
});
