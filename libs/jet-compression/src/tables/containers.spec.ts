import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { openColumns, writeColumns } from '@hep/datasets/columns';
import { goldenPath, temporaryFolder } from '@hep/test-support';
import { jetTable } from './jet-columns.ts';
import { readJets } from './stream-jets.ts';

const [TRIGGER, OFFLINE] = [
  'HLT_xAOD__JetContainer_TrigHLTJetDSSelectorCollectionAuxDyn',
  'AntiKt4EMTopoJetsAux',
];
const four = ['m', 'pt', 'phi', 'eta'];
const folder = await temporaryFolder();
const path = join(folder, 'containers.root');

/** Jets as `tools/golden/jet_containers.py` makes them. */
function expected(more: number, factor: number, leading: boolean) {
  const jets = Array.from({ length: 12 }, (_, e) =>
    Array.from({ length: ((5 * e) % 4) + more }, (_jet, j) => ({ e, j })).slice(0, leading ? 1 : undefined),
  ).flat();
  const pt = jets.map(({ e, j }) => factor * (20000 + 1000 * e + 100 * j));
  return {
    m: pt.map((value) => Math.fround(value / 10)),
    pt,
    phi: jets.map(({ j }) => j / 4 - 1),
    eta: jets.map(({ e }) => e / 8 - 1),
  };
}

const numbers = ({ columns }: { columns: ReadonlyMap<string, Float64Array> }) =>
  Object.fromEntries(four.map((name) => [name, [...columns.get(name)!]]));

describe('a tree with containers of jets', () => {
  beforeAll(async () =>
    writeFile(path, gunzipSync(await readFile(goldenPath('jets', 'containers.root.gz')))),
  );

  it.each([
    [TRIGGER, 0, 1, false],
    [TRIGGER, 0, 1, true],
    [OFFLINE, 1, 2, false],
    [OFFLINE, 1, 2, true],
  ])('gives the jets of %s', async (collection, more, factor, leading) => {
    const jets = await readJets([path], four, { tree: 'CollectionTree', collection, leading });
    expect(numbers(jets)).toEqual(expected(more, factor, leading));
    expect(jets.describe(0)).toBe(`${path}: event ${1 - more}, jet 0`);
  });

  it('asks for the container, and names the nearest to what is missing', async () => {
    await expect(readJets([path], four)).rejects.toThrow(
      `${path}: 2 branches of m, in ${TRIGGER}, ${OFFLINE}; say which with --collection`,
    );
    await expect(readJets([path], four, { collection: 'AntiKt4EMTopoJetAux' })).rejects.toThrow(
      `no container AntiKt4EMTopoJetAux (did you mean ${OFFLINE}?); it has ${TRIGGER}, ${OFFLINE}`,
    );
    await expect(readJets([path], ['pt', 'etta'], { collection: OFFLINE })).rejects.toThrow(
      `no column or branch etta (did you mean eta?) in collection ${OFFLINE}`,
    );
    await expect(readJets([path], four, { tree: 'CollectionTrees' })).rejects.toThrow('CollectionTree');
  });

  it('gives the same jets through Parquet', async () => {
    const jets = await readJets([path], four, { collection: OFFLINE });
    const copy = join(folder, 'copy.parquet');
    await writeColumns(copy, [jetTable(jets)]);
    expect(numbers(await readJets([copy], four))).toEqual(numbers(jets));
    const lists = await openColumns(path);
    expect(lists.types.get(`${OFFLINE}.pt`)).toBe('float32[]');
    await lists.close();
  });
});

it('a pickled table gives its jets', async () => {
  expect(numbers(await readJets([goldenPath('jets', 'leading.pkl')], four))).toEqual(expected(0, 1, true));
});
