import { join } from 'node:path';
import { writeColumns } from '@hep/datasets/columns';
import { openRootFile } from '@hep/datasets/root';
import { describeWithFixture, fixturePath, temporaryFolder } from '@hep/test-support';
import {
  buildJets,
  convertNtuple,
  generateToyJets,
  loadJetTable,
  NTUPLE_TREE,
  trainingTypes,
} from './index.ts';

const NTUPLE = ['calratio', 'tests_data', 'short_divert_analysis_file.root'];

describeWithFixture(NTUPLE, 'the example of the README', () => {
  it('converts an ntuple', async () => {
    let rows = 0;
    const ntuple = await openRootFile(fixturePath(...NTUPLE), { tree: NTUPLE_TREE });
    const cuts = { minJetPtGeV: 40, maxJetPtGeV: 500 };
    for await (const table of convertNtuple(ntuple, { dataType: 'qcd', ...cuts, mHGeV: 0, mSGeV: 0 })) {
      rows += table.rows;
    }
    await ntuple.close();

    expect(rows).toBe(1);
  });
});

it('makes toy jets as the README does', () => {
  const main = generateToyJets({ rows: 1000, seed: 1, sample: 'main' });
  const control = generateToyJets({ rows: 1000, seed: 1, sample: 'control' });

  expect([main.columns.size, control.columns.size]).toEqual([814, 814]);
});

const folder = await temporaryFolder();

it('builds and loads a training file as the README does', async () => {
  const path = join(folder, 'converted.parquet');
  await writeColumns(path, [generateToyJets({ rows: 900, seed: 1, sample: 'main' })]);
  const inputs = [{ input: join(folder, 'conv*.parquet'), rows: 400, filter: 'eventNumber % 2 == 1' }];
  const scaling = { minJetPtGeV: 0, maxJetPtGeV: 500 };
  const jets = buildJets({ inputs, scaling, removed: [], seed: 1 });
  await writeColumns(join(folder, 'main.parquet'), jets, trainingTypes([]));
  const { table, rowsByLabel } = await loadJetTable([join(folder, 'main.parquet')], { sample: 'main' });

  expect(table.rows).toBe(400);
  expect([...rowsByLabel.keys()].sort()).toEqual([0, 1, 2]);
});
