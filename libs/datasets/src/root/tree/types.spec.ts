import fc from 'fast-check';
import { goldenJson, goldenPath } from '@hep/test-support';
import type { RowRange } from '../../columns.ts';
import { openRootFile } from '../../root.ts';
import type { Plain } from '../testing/plain-rows.ts';
import { plainRows, readPlain } from '../testing/plain-rows.ts';

/** Written by ROOT with tools/golden/root_types.py, four entries. */
const path = goldenPath('root', 'types.root');
const golden = goldenJson<Record<string, Plain[]>>('root', 'types.json');
const names = Object.keys(golden);

const rowsOf = (tree: string, range?: RowRange) => readPlain(path, names, range, tree);

describe('branches written by ROOT', () => {
  it('have the values that were put in, whatever their type', async () => {
    expect(await rowsOf('a/b/tree')).toEqual(golden);
  });

  it('have them when the baskets lie in the record of the tree', async () => {
    expect(await rowsOf('embedded')).toEqual(golden);
  });

  it('are read for any range of rows', async () => {
    const range = fc.tuple(fc.nat(4), fc.nat(4)).map((ends) => ends.toSorted());
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('a/b/tree', 'embedded'), range, async (tree, [first, end]) => {
        const sliced = Object.entries(golden).map(([name, rows]) => [name, rows.slice(first, end)]);
        expect(await rowsOf(tree, { first, end })).toEqual(Object.fromEntries(sliced));
      }),
      { numRuns: 30 },
    );
  });

  it('of a whole object are those of its parts', async () => {
    const parts = names.filter((name) => name.startsWith('event.'));
    const file = await openRootFile(path, { tree: 'a/b/tree' });
    const { columns } = await file.read(parts.map((name) => name.replace('event.', 'whole.')));
    await file.close();
    expect([...columns.values()].map(plainRows)).toEqual(parts.map((name) => golden[name]));
  });

  it('name their types, and those that are no columns', async () => {
    const file = await openRootFile(path, { tree: 'a/b/tree' });
    await file.close();
    expect(Object.fromEntries(file.types)).toMatchObject({
      'pair.b': 'float32[2]',
      flag: 'bool',
      i64: 'int64',
      name: 'text',
      var: 'float32[]',
      pairs: 'float64[2][]',
      'event.matrix': 'float32[6]',
      'event.hits.id': 'int32[2][]',
      'event.lists': 'int32[][]',
      'event.words': 'text[]',
      'whole.best.id': 'int32[2]',
      'whole.hits.id': 'int32[2][]',
    });
  });

  it('give their memory back when they are released, without harm to those read later', async () => {
    const file = await openRootFile(path, { tree: 'a/b/tree' });
    const first = await file.read(names);
    first.release?.();
    const { columns } = await file.read(names);
    await file.close();
    expect(first.columns.get('i64')).toMatchObject({ values: { length: 0 } });
    expect(Object.fromEntries([...columns].map(([name, column]) => [name, plainRows(column)]))).toEqual(
      golden,
    );
  });

  it('belong to the highest cycle unless one is asked for', async () => {
    const newest = await openRootFile(path, { tree: 'a/b/tree' });
    const older = await openRootFile(path, { tree: 'a/b/tree;1' });
    const { columns } = await older.read(['n']);
    await Promise.all([newest.close(), older.close()]);
    expect([newest.rows, older.rows]).toEqual([4, 2]);
    expect(plainRows(columns.get('n')!)).toEqual([0, 1]);
  });
});
