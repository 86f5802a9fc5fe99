/** What every batch system that is really there must do, as tests. */
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { cancelArray, runArray } from '../index.ts';
import type { ArrayJob } from '../index.ts';
import type { Arrays } from './arrays.ts';
import { kindsAndAttempts, until, whenRunning } from './arrays.ts';

/** Commands end with their own exit codes, and get arguments and variables as they are. */
export function itKeepsExitCodes(arrays: Arrays): void {
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
    expect([logs[0], logs[1], logs[4]]).toEqual([odd, 'to the log\n', `it's me in ${arrays.root}\n`]);
    expect(logs[2]).toContain('no-such-program');
  });
}

/** @param isInQueue whether the batch system still has jobs of an array */
export function itCancels(arrays: Arrays, isInQueue: (array: ArrayJob) => boolean): void {
  it('leave the queue when they are not wanted any more', async () => {
    const array = arrays.of('unwanted', [arrays.sleepsOnce('unwanted'), ['sleep', '100']], { limit: 1 });
    const stop = new AbortController();
    const settings = arrays.settings(array, { ...whenRunning(() => stop.abort()), signal: stop.signal });
    expect(kindsAndAttempts(await runArray(array, settings))).toEqual(['running 1', 'pending 1']);
    await cancelArray(settings);
    await until(() => !isInQueue(array));
    await cancelArray(settings);
  });
}

/**
 * Jobs are neither lost nor run twice when the process that submits them is killed.
 * @param submit program of the batch system that submits
 * @param hasSucceeded whether the job with this number ended well
 */
export function describeKilledSubmitters(
  arrays: Arrays,
  submit: string,
  hasSucceeded: (id: string) => boolean,
): void {
  describe('whose submitting process is killed', () => {
    it('are taken up again with what ended meanwhile', async () => {
      const array = arrays.of('taken-up', [arrays.noting('taken-up', 'sleep 3')]);
      const submitter = arrays.startSubmitter(array, submit);
      await submitter.line('0 running');
      await submitter.kill();
      await setTimeout(4000);
      expect(kindsAndAttempts(await runArray(array, arrays.settings(array)))).toEqual(['done 1']);
      expect(arrays.starts('taken-up')).toBe(1);
    });

    it('between submission and note are found by their name', async () => {
      const array = arrays.of('unnoted', [arrays.noting('unnoted', 'true')]);
      const submitter = arrays.startSubmitter(array, submit, '"$real" "$@"; touch "$reached"; sleep 2');
      await submitter.reached();
      await submitter.kill();
      expect(arrays.record(array).id).toBeUndefined();
      expect(kindsAndAttempts(await runArray(array, arrays.settings(array)))).toEqual(['done 1']);
      expect(arrays.starts('unnoted')).toBe(1);
    });

    it('before their submission do nothing when they arrive late', async () => {
      const array = arrays.of('late', [arrays.noting('late', 'true')]);
      const shell = 'touch "$reached"; sleep 2; "$real" "$@" >"$reached"';
      const submitter = arrays.startSubmitter(array, submit, shell);
      await submitter.reached();
      await submitter.kill();
      expect(kindsAndAttempts(await runArray(array, arrays.settings(array)))).toEqual(['done 1']);
      const late = await submitter.reached(/\d+/);
      await until(() => hasSucceeded(late));
      expect(arrays.starts('late')).toBe(1);
    });
  });
}
