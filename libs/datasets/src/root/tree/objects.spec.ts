import { goldenJson, goldenPath } from '@hep/test-support';
import type { RowRange } from '../../columns.ts';
import { openRootFile } from '../../root.ts';
import type { Plain } from '../testing/plain-rows.ts';
import { asJson, readPlain } from '../testing/plain-rows.ts';

/** Written by ROOT with tools/golden/root_objects.py, four entries. */
const path = goldenPath('root', 'objects.root');
const golden = goldenJson<Record<string, Plain[]>>('root', 'objects.json');

const valuesOf = async (names: readonly string[], range?: RowRange) =>
  asJson(await readPlain(path, names, range));

describe('objects written by ROOT', () => {
  it('have the values that were put in, whole, split, in lists and member by member', async () => {
    expect(await valuesOf(Object.keys(golden))).toEqual(golden);
  });

  it('are read from any entry on', async () => {
    const names = Object.keys(golden).filter(
      (name) => name.startsWith('whole.') || name.startsWith('nests.'),
    );
    const rows = names.map((name) => [name, golden[name].slice(1, 3)]);
    expect(await valuesOf(names, { first: 1, end: 3 })).toEqual(Object.fromEntries(rows));
    expect(await valuesOf(names, { first: 2, end: 2 })).toEqual(
      Object.fromEntries(names.map((name) => [name, []])),
    );
  });

  it('are columns of their members, named by type', async () => {
    const file = await openRootFile(path);
    await file.close();
    expect(Object.fromEntries(file.types)).toMatchObject({
      'object.fP.fX': 'float64',
      'jets.fE': 'float64[]',
      'whole.three': 'float32[3]',
      'whole.packs.several': 'float64[3][]',
      'whole.packs.half': 'float32[]',
      'nests.label': 'text[]',
      'maps.second': 'int32[][]',
      'whole.counted': 'float32[]',
      bits: 'bool[]',
      scaled: 'float64',
      halves: 'float32[2]',
      kept: 'not readable (TClonesArray)',
    });
    const other = [...file.types.keys()].filter((name) => !(name in golden));
    expect(other).toEqual(['clones.fUniqueID', 'clones.fBits', 'kept']);
  });
});
