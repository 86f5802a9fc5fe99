/** Against a real Slurm: two nodes on this machine, each with two cores and one GPU that is only a name. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describeWithSlurm, temporaryFolder } from '@hep/test-support';
import { runArray, slurm } from './index.ts';
import type { ArrayJob, JobReport } from './index.ts';
import { Arrays, kindsAndAttempts, whenRunning } from './testing/arrays.ts';
import { describeKilledSubmitters, itCancels, itKeepsExitCodes } from './testing/shared-cases.ts';

const root = await temporaryFolder();
const arrays = new Arrays(root, slurm);

const idOf = (array: ArrayJob) => arrays.record(array).id ?? '';
const queue = (...argv: string[]) => execFileSync('squeue', ['--noheader', ...argv], { encoding: 'utf8' });
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

    itKeepsExitCodes(arrays);

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

    itCancels(arrays, (array) => queue(`--name=${arrays.record(array).name}`) !== '');

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

    describeKilledSubmitters(arrays, 'sbatch', (id) =>
      /JobState=COMPLETED/.test(scontrol('show', 'job', id)),
    );

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
