/** Against a real Slurm: two nodes on this machine, each with two cores and one GPU that is only a name. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { describeWithSlurm, temporaryFolder } from '@hep/test-support';
import { cancelArray, runArray, slurm } from './index.ts';
import type { ArrayJob, JobReport } from './index.ts';
import { Arrays, kindsAndAttempts, until, whenRunning } from './testing/arrays.ts';

const root = await temporaryFolder();
const arrays = new Arrays(root, slurm);

const idOf = (array: ArrayJob) => arrays.record(array).id ?? '';
const scontrol = (...argv: string[]) => execFileSync('scontrol', argv, { encoding: 'utf8' });

describeWithSlurm('jobs of Slurm', () => {
  it('of a node that fails go to another one', async () => {
    const array = arrays.of('node', [arrays.sleepsOnce('node')], { lines: ['--no-requeue'] });
    let node = '';
    const fail = () => {
      node = /BatchHost=(\S+)/.exec(scontrol('show', 'job', `${idOf(array)}_0`))![1];
      scontrol('update', `nodename=${node}`, 'state=down', 'reason=test');
    };
    const reports = await runArray(array, arrays.settings(array, whenRunning(fail)));
    expect(kindsAndAttempts(reports)).toEqual(['done 2']);
    expect(node).toMatch(/^n[12]$/);
  });

  describe('of nodes that work', () => {
    // Slurm takes its time to see that the time is over: this goes on beside the other tests, but not beside a failing
    // node, because Slurm lets the other jobs of such a node wait for two minutes.
    const limited = arrays.of('limited', [arrays.sleepsOnce('limited')], { minutes: 1 });
    let limitedReports: Promise<readonly JobReport[]>;
    beforeAll(() => {
      const shorten = () => scontrol('update', `jobid=${idOf(limited)}_0`, `EndTime=${inSeconds(2)}`);
      limitedReports = runArray(limited, arrays.settings(limited, whenRunning(shorten)));
      limitedReports.catch(() => undefined);
    });

    it('end with the exit codes of their commands, whatever their arguments are', async () => {
      const odd = `a "b" 'c' $HOME \`d\`\n\\e *\t%a é`;
      const array = arrays.of('mixed', [
        ['printf', '%s', odd],
        ['sh', '-c', 'echo to the log; exit 3'],
        ['no-such-program'],
        ['sh', '-c', 'kill -SEGV $$'],
        ['sh', '-c', 'echo $GREETING in $PWD'],
      ]);
      const reports = await runArray(
        { ...array, environment: { GREETING: "it's me" } },
        arrays.settings(array),
      );
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
      const array = arrays.of('gpus', [command, command, command], { gpus: 1 });
      const reports = await runArray(array, arrays.settings(array));
      expect(reports.map(({ log }) => readFileSync(log, 'utf8'))).toEqual(['gpu 0\n', 'gpu 0\n', 'gpu 0\n']);
    });

    it('that somebody cancels, running or waiting, are submitted again', async () => {
      const array = arrays.of('cancelled', [arrays.sleepsOnce('cancelled'), ['true']], { limit: 1 });
      const cancel = () => execFileSync('scancel', [`${idOf(array)}_0`, `${idOf(array)}_1`]);
      expect(kindsAndAttempts(await runArray(array, arrays.settings(array, whenRunning(cancel))))).toEqual([
        'done 2',
        'done 2',
      ]);
      expect(arrays.starts('cancelled')).toBe(2);
    });

    it('stay lost after the last attempt', async () => {
      const array = arrays.of('given-up', [arrays.sleepsOnce('given-up')]);
      const cancel = () => execFileSync('scancel', [idOf(array)]);
      const [report] = await runArray(array, arrays.settings(array, { ...whenRunning(cancel), attempts: 1 }));
      expect(report.state).toEqual({ kind: 'lost', reason: 'cancelled' });
    });

    it('leave the queue when they are not wanted any more', async () => {
      const array = arrays.of('unwanted', [arrays.sleepsOnce('unwanted'), ['sleep', '100']], { limit: 1 });
      const stop = new AbortController();
      const settings = arrays.settings(array, { ...whenRunning(() => stop.abort()), signal: stop.signal });
      expect(kindsAndAttempts(await runArray(array, settings))).toEqual(['running 1', 'pending 1']);
      await cancelArray(settings);
      const open = () =>
        execFileSync('squeue', ['--noheader', `--name=${arrays.record(array).name}`], { encoding: 'utf8' });
      await until(() => open() === '');
      await cancelArray(settings);
    });

    it('that Slurm refuses are an error in its own words', async () => {
      const array = arrays.of('refused', [['true']], { partition: 'none' });
      await expect(runArray(array, arrays.settings(array))).rejects.toThrow(
        /^sbatch: invalid partition specified: none; Batch job submission failed: Invalid partition name specified$/,
      );
      const other = arrays.of('refused', [['false']]);
      await expect(runArray(other, arrays.settings(other))).rejects.toThrow(
        'has jobs of other commands (array.json)',
      );
      expect(
        kindsAndAttempts(await runArray(arrays.of('refused', [['true']]), arrays.settings(array))),
      ).toEqual(['done 1']);
    });

    describe('whose submitting process is killed', () => {
      it('are taken up again with what ended meanwhile', async () => {
        const array = arrays.of('taken-up', [arrays.noting('taken-up', 'sleep 3')]);
        const submitter = arrays.startSubmitter(array, 'sbatch');
        await submitter.line('0 running');
        await submitter.kill();
        await setTimeout(4000);
        expect(kindsAndAttempts(await runArray(array, arrays.settings(array)))).toEqual(['done 1']);
        expect(arrays.starts('taken-up')).toBe(1);
      });

      it('between submission and note are found by their name', async () => {
        const array = arrays.of('unnoted', [arrays.noting('unnoted', 'true')]);
        const submitter = arrays.startSubmitter(array, 'sbatch', '"$real" "$@"; touch "$reached"; sleep 2');
        await submitter.reached();
        await submitter.kill();
        expect(arrays.record(array).id).toBeUndefined();
        expect(kindsAndAttempts(await runArray(array, arrays.settings(array)))).toEqual(['done 1']);
        expect(arrays.starts('unnoted')).toBe(1);
      });

      it('before their submission do nothing when they arrive late', async () => {
        const array = arrays.of('late', [arrays.noting('late', 'true')]);
        const submitter = arrays.startSubmitter(
          array,
          'sbatch',
          'touch "$reached"; sleep 2; "$real" "$@" >"$reached"',
        );
        await submitter.reached();
        await submitter.kill();
        expect(kindsAndAttempts(await runArray(array, arrays.settings(array)))).toEqual(['done 1']);
        const late = await submitter.reached(/\d+/);
        await until(() => /JobState=COMPLETED/.test(scontrol('show', 'job', late)));
        expect(arrays.starts('late')).toBe(1);
      });
    });

    it('are stopped at their time limit', async () => {
      const [report] = await limitedReports;
      expect(report).toMatchObject({ attempts: 1, state: { kind: 'failed', reason: 'time limit' } });
      expect(readFileSync(report.log, 'utf8')).toContain('DUE TO TIME LIMIT');
    });
  });
});

function inSeconds(seconds: number): string {
  return execFileSync('date', ['-d', `+${seconds} sec`, '+%FT%T'], { encoding: 'utf8' }).trim();
}
