/** A search whose trials are jobs of a real HTCondor. */
import { execFileSync } from 'node:child_process';
import { describeWithHtcondor, temporaryFolder } from '@hep/test-support';
import { expectSearchToSurvive } from './testing/search-on-batch-system.ts';

const folder = await temporaryFolder();

describeWithHtcondor('tune --batch htcondor', () => {
  it('survives lost jobs and the end of the searcher, with the table of a search on this machine', async () => {
    await expectSearchToSurvive(folder, 'htcondor', () => {
      execFileSync('condor_rm', ['-all']);
    });
  }, 300_000);
});
