import fc from 'fast-check';
import { goldenJson, goldenPath } from '@hep/test-support';
import type { RowRange } from '../../columns.ts';
import { openRootFile } from '../../root.ts';
import type { Plain } from '../testing/plain-rows.ts';
import { readPlain } from '../testing/plain-rows.ts';

/** Written by ROOT with tools/golden/root_types.py, four entries in two clusters. */
const path = goldenPath('root', 'ntuple.root');
const all = goldenJson<Record<string, Plain[]>>('root', 'types.json');
const renamed: Record<string, string> = {
  event_lists: 'event.lists',
  event_words: 'event.words',
  'event_best.energy': 'event.best.energy',
  'event_best.id': 'event.best.id',
};
const same = [
  'flag',
  'i8',
  'u8',
  'i16',
  'u16',
  'n',
  'u32',
  'i64',
  'u64',
  'name',
  'doubles',
  'bools',
  'var',
  'pairs',
];
const names = [...same, ...Object.keys(renamed)];

const rowsOf = async (range?: RowRange) => Object.values(await readPlain(path, names, range));

describe('an RNTuple written by ROOT', () => {
  it('has the values that were put in, for any range of rows', async () => {
    const range = fc.tuple(fc.nat(4), fc.nat(4)).map((ends) => ends.toSorted());
    await fc.assert(
      fc.asyncProperty(range, async ([first, end]) => {
        const expected = names.map((name) => all[renamed[name] ?? name].slice(first, end));
        expect(await rowsOf({ first, end })).toEqual(expected);
      }),
      { numRuns: 25, examples: [[[0, 4]]] },
    );
  });

  it('names its types', async () => {
    const file = await openRootFile(path, { tree: 'ntuple' });
    expect(file.rows).toBe(4);
    expect(Object.fromEntries(file.types)).toMatchObject({
      flag: 'bool',
      i64: 'int64',
      name: 'text',
      var: 'float32[]',
      pairs: 'float64[2][]',
      event_lists: 'int32[][]',
      'event_best.id': 'int32[2]',
      'hits.id': 'int32[2][]',
    });
    await file.close();
  });
});
