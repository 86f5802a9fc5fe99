/** Against a real HTCondor on this machine, with four cores and two GPUs that are only names. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describeWithHtcondor, temporaryFolder } from '@hep/test-support';
import { htcondor, runArray } from './index.ts';
import type { ArrayJob, JobReport } from './index.ts';
import { Arrays, kindsAndAttempts, whenRunning } from './testing/arrays.ts';
import { describeKilledSubmitters, itCancels, itKeepsExitCodes } from './testing/shared-cases.ts';

const root = await temporaryFolder();
const arrays = new Arrays(root, htcondor);

const idOf = (array: ArrayJob) => arrays.record(array).id ?? '';
const condor = (program: string, ...argv: string[]) =>
  execFileSync(`condor_${program}`, argv, { encoding: 'utf8' });

describeWithHtcondor('jobs of HTCondor', () => {
  // HTCondor takes its time to see that the time is over: this goes on beside the other tests.
  const limited = arrays.of('limited', [['sleep', '200']], { minutes: 1 });
  let limitedReports: Promise<readonly JobReport[]>;
  beforeAll(() => {
    limitedReports = runArray(limited, arrays.settings(limited));
    limitedReports.catch(() => undefined);
  });

  itKeepsExitCodes(arrays);

  it('get a GPU each', async () => {
    const command = ['sh', '-c', 'echo "gpu $CUDA_VISIBLE_DEVICES"'];
    const array = arrays.of('gpus', [command, command, command], { gpus: 1, memoryMiB: 50 });
    const reports = await runArray(array, arrays.settings(array));
    for (const { log } of reports) expect(readFileSync(log, 'utf8')).toMatch(/^gpu CUDA[01]\n$/);
  });

  it('that somebody removes, running or waiting, are submitted again', async () => {
    const array = arrays.of('removed', [arrays.sleepsOnce('removed'), ['true']], { limit: 1 });
    const settings = arrays.settings(
      array,
      whenRunning(() => condor('rm', idOf(array))),
    );
    expect(kindsAndAttempts(await runArray(array, settings))).toEqual(['done 2', 'done 2']);
    expect(arrays.starts('removed')).toBe(2);
  });

  it('that are held wait for their release', async () => {
    const array = arrays.of('held', [arrays.sleepsOnce('held')]);
    const reasons: string[] = [];
    const settings = arrays.settings(array, {
      onChange: ({ state }) => {
        if (state.kind === 'running') condor('hold', idOf(array));
        if (state.kind !== 'pending' || state.reason === '') return;
        reasons.push(state.reason);
        condor('release', idOf(array));
      },
    });
    const [report] = await runArray(array, settings);
    expect(report).toMatchObject({ state: { kind: 'done' }, attempts: 1 });
    expect(reasons).toEqual(['held: via condor_hold (by user sci)']);
  });

  itCancels(arrays, (array) => condor('q', idOf(array), '-autoformat', 'ProcId') !== '');

  it('that HTCondor refuses are an error in its own words', async () => {
    const array = arrays.of('refused', [['true']], { requirements: '(a ==' });
    await expect(runArray(array, arrays.settings(array))).rejects.toThrow(
      /^condor_submit: Parse error in expression:; Requirements = .*\(a ==/,
    );
  });

  describeKilledSubmitters(
    arrays,
    'condor_submit',
    (id) => condor('history', id, '-autoformat', 'ExitCode').trim() === '0',
  );

  it('are stopped at their time limit', async () => {
    const [report] = await limitedReports;
    expect(report).toMatchObject({ attempts: 1, state: { kind: 'failed', reason: 'time limit' } });
  }, 200_000);
});
