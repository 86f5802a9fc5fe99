import fc from 'fast-check';
import { ranges, slurmJobFile } from './job-file.ts';
import { indicesOf, slurmStates } from './states.ts';

describe('the job file of Slurm', () => {
  it('says all that is asked for', () => {
    const resources = {
      cpus: 2,
      gpus: 1,
      memoryMiB: 4096,
      minutes: 90,
      limit: 8,
      partition: 'gpu',
      requirements: 'a100|h100',
      lines: ['--account=cms', '--qos=long'],
    };
    expect(slurmJobFile({ name: 'tune-1f', indices: [0, 1, 2, 5], resources })).toBe(`#!/bin/bash
#SBATCH --job-name=tune-1f
#SBATCH --array=0-2,5%8
#SBATCH --output=logs/%a.txt
#SBATCH --open-mode=append
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=2
#SBATCH --gres=gpu:1
#SBATCH --mem=4096M
#SBATCH --time=90
#SBATCH --partition=gpu
#SBATCH --constraint="a100|h100"
#SBATCH --account=cms
#SBATCH --qos=long
exec bash tasks.sh "$SLURM_ARRAY_TASK_ID"
`);
  });

  it('leaves to Slurm what is not asked for', () => {
    const text = slurmJobFile({ name: 'a', indices: [3], resources: { cpus: 1, gpus: 0 } });
    expect(text.match(/^#SBATCH .*$/gm)?.map((line) => line.slice(8))).toEqual([
      '--job-name=a',
      '--array=3',
      '--output=logs/%a.txt',
      '--open-mode=append',
      '--nodes=1',
      '--ntasks=1',
      '--cpus-per-task=1',
    ]);
  });

  it('writes indices that Slurm reads as the same ones', () => {
    const ascending = fc
      .uniqueArray(fc.nat(300), { minLength: 1 })
      .map((numbers) => numbers.sort((a, b) => a - b));
    fc.assert(fc.property(ascending, (numbers) => expect(indicesOf(ranges(numbers))).toEqual(numbers)));
    expect(indicesOf('4,1-7:3%2')).toEqual([4, 1, 4, 7]);
    expect(indicesOf('(null)')).toEqual([]);
  });
});

/** What Slurm 22.05 answered, without the fields at the end of each line. */
const recorded = [
  'JobId=1 ArrayJobId=1 ArrayTaskId=4-6%2 JobName=ok.sh UserId=root(0) GroupId=root(0) MCS_label=N/A Priority=4294901759 Nice=0 Account=(null) QOS=(null) JobState=PENDING Reason=Resources Dependency=(null) Requeue=1 Restarts=0 BatchFlag=1 Reboot=0 ExitCode=0:0 RunTime=00:00:00',
  'JobId=5 ArrayJobId=1 ArrayTaskId=3 JobName=ok.sh UserId=root(0) GroupId=root(0) MCS_label=N/A Priority=4294901759 Nice=0 Account=(null) QOS=(null) JobState=COMPLETING Reason=None Dependency=(null) Requeue=1 Restarts=0 BatchFlag=1 Reboot=0 ExitCode=0:0 RunTime=00:00:10',
  'JobId=4 ArrayJobId=1 ArrayTaskId=2 JobName=ok.sh UserId=root(0) GroupId=root(0) MCS_label=N/A Priority=4294901759 Nice=0 Account=(null) QOS=(null) JobState=FAILED Reason=JobLaunchFailure Dependency=(null) Requeue=1 Restarts=0 BatchFlag=1 Reboot=0 ExitCode=0:9 RunTime=00:00:00',
  'JobId=3 ArrayJobId=1 ArrayTaskId=1 JobName=ok.sh UserId=root(0) GroupId=root(0) MCS_label=N/A Priority=4294901759 Nice=0 Account=(null) QOS=(null) JobState=FAILED Reason=NonZeroExitCode Dependency=(null) Requeue=1 Restarts=0 BatchFlag=1 Reboot=0 ExitCode=3:0 RunTime=00:00:00',
  'JobId=2 ArrayJobId=1 ArrayTaskId=0 JobName=ok.sh UserId=root(0) GroupId=root(0) MCS_label=N/A Priority=4294901759 Nice=0 Account=(null) QOS=(null) JobState=COMPLETED Reason=None Dependency=(null) Requeue=1 Restarts=0 BatchFlag=1 Reboot=0 ExitCode=0:0 RunTime=00:00:00',
];

describe('the answer of scontrol', () => {
  it('gives the state of every command', () => {
    const waiting = { kind: 'pending', reason: 'Resources' };
    expect([...slurmStates(`${recorded.join('\n')}\n`)].sort(([a], [b]) => a - b)).toEqual([
      [0, { kind: 'done' }],
      [1, { kind: 'failed', reason: 'exit code 3', exitCode: 3 }],
      [2, { kind: 'failed', reason: 'killed by signal 9', exitCode: 137 }],
      [3, { kind: 'running' }],
      [4, waiting],
      [5, waiting],
      [6, waiting],
    ]);
  });

  it.each([
    ['CANCELLED', { kind: 'lost', reason: 'cancelled' }],
    ['NODE_FAIL', { kind: 'lost', reason: 'node failed' }],
    ['PREEMPTED', { kind: 'lost', reason: 'preempted' }],
    ['TIMEOUT', { kind: 'failed', reason: 'time limit' }],
    ['OUT_OF_MEMORY', { kind: 'failed', reason: 'out of memory' }],
    ['REQUEUED', { kind: 'pending', reason: '' }],
    ['CONFIGURING', { kind: 'pending', reason: '' }],
  ])('of a job that is %s', (state, expected) => {
    const line = recorded[4].replace('COMPLETED', state);
    expect(slurmStates(line).get(0)).toEqual(expected);
  });

  it('never throws, whatever it says', () => {
    fc.assert(fc.property(fc.string(), (answer) => void slurmStates(answer)));
  });
});
