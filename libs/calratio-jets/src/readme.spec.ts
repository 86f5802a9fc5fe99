import { openRootFile } from '@hep/datasets/root';
import { describeWithFixture, fixturePath } from '@hep/test-support';
import { convertNtuple, generateToyJets, NTUPLE_TREE } from './index.ts';

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
