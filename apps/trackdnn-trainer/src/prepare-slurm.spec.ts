/** Shards that jobs of a real Slurm prepare. */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundledProgram, describeWithSlurm, start, temporaryFolder } from '@hep/test-support';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);

describeWithSlurm('prepare --batch slurm', () => {
  const run = (...argv: string[]) => start(process.execPath, [bundledProgram(), ...argv]);
  const batch = ['--batch', 'slurm', '--batch-jobs', '2', '--batch-poll', '1'];

  it('writes the shards that it writes on this machine', async () => {
    for (const [name, first] of [
      ['a', '1'],
      ['b', '1000'],
      ['c', '2000'],
    ]) {
      await run('toy', '-o', at(`${name}.parquet`), '--tracks', '3000', '--first-event', first, '--nested');
    }
    const files = ['-i', at('[abc].parquet'), '--shard-tracks', '1000'];
    const jobs = await run('prepare', ...files, '-o', at('jobs-shards'), ...batch);
    expect([jobs.code, jobs.err]).toEqual([0, '']);
    expect(jobs.out).toContain('job 2/2: done');
    expect(jobs.out).toContain(`3 files in ${at('jobs-shards')}, ready for train`);
    const here = await run('prepare', ...files, '-o', at('shards'));
    expect([here.code, here.err]).toEqual([0, '']);
    const [ofJobs, ofThis] = await Promise.all(['jobs-shards', 'shards'].map(manifest));
    expect(ofJobs).toEqual(ofThis);
    expect(existsSync(join(at('jobs-shards'), 'jobs'))).toBe(false);
  });

  it('tells what a job says about a mistake, and submits anew when it is mended', async () => {
    await writeFile(at('d.csv'), 'trk_pt\nnothing\n');
    const prepare = ['prepare', '-i', at('[ad].*'), '-o', at('broken'), ...batch];
    const broken = await run(...prepare);
    expect(broken.code).toBe(2);
    expect(broken.err).toMatch(
      /^trackdnn-trainer: job 2\/2: failed, exit code 2; \S+\/jobs-failed\/submission-1\/logs\/1\.txt: .*d\.csv/,
    );
    expect(broken.err.trim().split('\n')).toHaveLength(1);
    await writeFile(at('d.csv'), '');
    const again = await run('prepare', '-i', at('a.*'), '-o', at('broken'), ...batch);
    expect([again.code, again.err]).toEqual([0, '']);
  });
});

async function manifest(name: string): Promise<unknown> {
  return JSON.parse(await readFile(join(at(name), 'manifest.json'), 'utf8')) as unknown;
}
