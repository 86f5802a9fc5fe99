/** Against a real HTCondor on this machine, with four cores and two GPUs that are only names. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { describeWithHtcondor, temporaryFolder } from '@hep/test-support';
import { cancelArray, htcondor, runArray } from './index.ts';
import type { ArrayJob, JobReport } from './index.ts';
import { Arrays, kindsAndAttempts, until, whenRunning } from './testing/arrays.ts';

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

  it('end with the exit codes of their commands, whatever their arguments are', async () => {
    const odd = `a "b" 'c' $HOME \`d\`\n\\e *\t%a $(index) é`;
    const array = arrays.of('mixed', [
      ['printf', '%s', odd],
      ['sh', '-c', 'echo to the log; exit 3'],
      ['no-such-program'],
      ['sh', '-c', 'kill -SEGV $$'],
      ['sh', '-c', 'echo $GREETING in $PWD'],
    ]);
    const environment = { GREETING: "it's me" };
    const reports = await runArray({ ...array, environment }, arrays.settings(array));
    expect(reports.map(({ state }) => state)).toEqual([
      { kind: 'done' },
      { kind: 'failed', reason: 'exit code 3', exitCode: 3 },
      { kind: 'failed', reason: 'exit code 127', exitCode: 127 },
      { kind: 'failed', reason: 'killed by signal 11', exitCode: 139 },
      { kind: 'done' },
    ]);
    const logs = reports.map(({ log }) => readFileSync(log, 'utf8'));
    expect([logs[0], logs[1], logs[4]]).toEqual([odd, 'to the log\n', `it's me in ${root}\n`]);
    expect(logs[2]).toContain('no-such-program');
  });

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

  it('leave the queue when they are not wanted any more', async () => {
    const array = arrays.of('unwanted', [arrays.sleepsOnce('unwanted'), ['sleep', '100']], { limit: 1 });
    const stop = new AbortController();
    const settings = arrays.settings(array, { ...whenRunning(() => stop.abort()), signal: stop.signal });
    expect(kindsAndAttempts(await runArray(array, settings))).toEqual(['running 1', 'pending 1']);
    await cancelArray(settings);
    await until(() => condor('q', idOf(array), '-autoformat', 'ProcId') === '');
    await cancelArray(settings);
  });

  it('that HTCondor refuses are an error in its own words', async () => {
    const array = arrays.of('refused', [['true']], { requirements: '(a ==' });
    await expect(runArray(array, arrays.settings(array))).rejects.toThrow(
      /^condor_submit: Parse error in expression:; Requirements = .*\(a ==/,
    );
  });

  describe('whose submitting process is killed', () => {
    it('are taken up again with what ended meanwhile', async () => {
      const array = arrays.of('taken-up', [arrays.noting('taken-up', 'sleep 3')]);
      const submitter = arrays.startSubmitter(array, 'condor_submit');
      await submitter.line('0 running');
      await submitter.kill();
      await setTimeout(4000);
      expect(kindsAndAttempts(await runArray(array, arrays.settings(array)))).toEqual(['done 1']);
      expect(arrays.starts('taken-up')).toBe(1);
    });

    it('between submission and note are found by their name', async () => {
      const array = arrays.of('unnoted', [arrays.noting('unnoted', 'true')]);
      const submitter = arrays.startSubmitter(
        array,
        'condor_submit',
        '"$real" "$@"; touch "$reached"; sleep 2',
      );
      await submitter.reached();
      await submitter.kill();
      expect(arrays.record(array).id).toBeUndefined();
      expect(kindsAndAttempts(await runArray(array, arrays.settings(array)))).toEqual(['done 1']);
      expect(arrays.starts('unnoted')).toBe(1);
    });

    it('before their submission do nothing when they arrive late', async () => {
      const array = arrays.of('late', [arrays.noting('late', 'true')]);
      const late = 'touch "$reached"; sleep 2; "$real" "$@" >"$reached"';
      const submitter = arrays.startSubmitter(array, 'condor_submit', late);
      await submitter.reached();
      await submitter.kill();
      expect(kindsAndAttempts(await runArray(array, arrays.settings(array)))).toEqual(['done 1']);
      const [id] = (await submitter.reached(/\d+/)).split('.');
      await until(() => condor('history', id, '-autoformat', 'ExitCode').trim() === '0');
      expect(arrays.starts('late')).toBe(1);
    });
  });

  it('are stopped at their time limit', async () => {
    const [report] = await limitedReports;
    expect(report).toMatchObject({ attempts: 1, state: { kind: 'failed', reason: 'time limit' } });
  }, 200_000);
});
