/** A search whose trials are jobs of a real Slurm. */
import { execFileSync } from 'node:child_process';
import { describeWithSlurm, temporaryFolder } from '@hep/test-support';
import { expectSearchToSurvive } from './testing/search-on-batch-system.ts';

const folder = await temporaryFolder();

describeWithSlurm('tune --batch slurm', () => {
  it('survives lost jobs and the end of the searcher, with the table of a search on this machine', async () => {
    await expectSearchToSurvive(folder, 'slurm', () => {
      execFileSync('scancel', ['--user', execFileSync('id', ['-un'], { encoding: 'utf8' }).trim()]);
    });
  }, 300_000);
});
