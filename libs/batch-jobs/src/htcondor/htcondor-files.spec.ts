import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { readEventLog } from './event-log.ts';
import { statesOf } from './htcondor.ts';
import { submitFile } from './submit-file.ts';

describe('the submit file of HTCondor', () => {
  const resources = {
    cpus: 2,
    gpus: 1,
    memoryMiB: 4096,
    minutes: 90,
    limit: 8,
    requirements: 'OpSysAndVer == "AlmaLinux9"',
    lines: ['+JobFlavour = "longlunch"'],
  };

  it('says all that is asked for', () => {
    expect(submitFile({ name: 'tune-1f', indices: [0, 1, 5], resources })).toBe(`batch_name = tune-1f
universe = vanilla
executable = tasks.sh
arguments = $(index)
error = logs/$(index).err
log = job.log
should_transfer_files = YES
when_to_transfer_output = ON_EXIT
transfer_output_files = ""
request_cpus = 2
request_gpus = 1
request_memory = 4096M
periodic_hold = JobStatus == 2 && time() - JobCurrentStartExecutingDate > 5400
periodic_hold_reason = "time limit"
periodic_hold_subcode = 60
max_materialize = 8
requirements = OpSysAndVer == "AlmaLinux9"
periodic_remove = JobStatus == 5 && (HoldReasonCode == 34 || HoldReasonCode == 46 || HoldReasonCode == 47 || (HoldReasonCode == 3 && HoldReasonSubCode == 60))
+JobFlavour = "longlunch"
queue index in (0, 1, 5)
`);
  });

  it('leaves to HTCondor what is not asked for, and names an image', () => {
    const text = submitFile({
      name: 'a',
      indices: [3],
      resources: { cpus: 1, gpus: 0, image: 'docker://node:20' },
    });
    expect(text).toContain('universe = container\ncontainer_image = docker://node:20\n');
    expect(text).not.toMatch(/request_(gpus|memory)|periodic_hold|max_materialize|^requirements/m);
  });
});

/** Written by HTCondor 23.9; addresses are shortened. */
const recorded = (name: string) =>
  readFileSync(join(import.meta.dirname, '..', 'testing', `htcondor-${name}.txt`), 'utf8');

const event = (code: string, title: string, ...lines: string[]) =>
  [`${code} (007.000.000) 2026-11-27 21:30:12 ${title}`, ...lines.map((line) => `\t${line}`), '...', ''].join(
    '\n',
  );

const stateAfter = (...events: string[]) => readEventLog(events.join('')).states.get(0);

const submitted = event('000', 'Job submitted from host: <127.0.0.1:9618>');
const executing = event('001', 'Job executing on host: <127.0.0.1:9618>');

describe('the log of events', () => {
  it('tells how every job ended', () => {
    const { cluster, states, isMakingJobs } = readEventLog(recorded('events'));
    expect([cluster, isMakingJobs]).toEqual(['1', false]);
    expect([...states]).toEqual([
      [0, { kind: 'done' }],
      [1, { kind: 'failed', reason: 'exit code 3', exitCode: 3 }],
      [2, { kind: 'failed', reason: 'killed by signal 9', exitCode: 137 }],
      [3, { kind: 'lost', reason: 'cancelled: via condor_rm (by user sci)' }],
    ]);
  });

  it('cut anywhere tells what was complete', () => {
    const text = recorded('events');
    const kinds = (length: number) =>
      [...readEventLog(text.slice(0, length)).states.values()].map(({ kind }) => kind);
    const possible = new Set(['pending', 'running', 'done', 'failed', 'lost']);
    for (let length = 0; length < text.length; length += 13) {
      expect(kinds(length).every((kind) => possible.has(kind))).toBe(true);
    }
    const lastEnd = text.lastIndexOf('...');
    expect(kinds(lastEnd)).toEqual(['done', 'failed', 'failed', 'pending']);
  });

  it.each([
    ['waits', [submitted], { kind: 'pending', reason: '' }],
    ['runs', [submitted, executing], { kind: 'running' }],
    [
      'was evicted',
      [submitted, executing, event('004', 'Job was evicted.')],
      { kind: 'pending', reason: 'evicted' },
    ],
    [
      'lost its machine',
      [executing, event('024', 'Job reconnection failed')],
      { kind: 'pending', reason: 'lost its machine' },
    ],
    [
      'is held by its owner',
      [submitted, event('012', 'Job was held.', 'via condor_hold (by user sci)', 'Code 1 Subcode 0')],
      { kind: 'pending', reason: 'held: via condor_hold (by user sci)' },
    ],
    [
      'is over its time',
      [
        executing,
        event(
          '012',
          'Job was held.',
          'The job exceeded allowed execute duration of 0+00:00:20',
          'Code 47 Subcode 0',
        ),
        event('009', 'Job was aborted.', 'The job attribute PeriodicRemove expression evaluated to TRUE'),
      ],
      { kind: 'failed', reason: 'time limit' },
    ],
    [
      'is over the time that its pool allows',
      [
        executing,
        event(
          '012',
          'Job was held.',
          'The job exceeded allowed execute duration of 00:20',
          'Code 47 Subcode 0',
        ),
      ],
      { kind: 'failed', reason: 'time limit' },
    ],
    [
      'is held by a policy of its own',
      [executing, event('012', 'Job was held.', 'my reason', 'Code 3 Subcode 0')],
      { kind: 'pending', reason: 'held: my reason' },
    ],
    [
      'is removed by a policy',
      [
        event(
          '009',
          'Job was aborted.',
          'The system macro SYSTEM_PERIODIC_REMOVE expression evaluated to TRUE',
        ),
      ],
      {
        kind: 'failed',
        reason: 'removed: The system macro SYSTEM_PERIODIC_REMOVE expression evaluated to TRUE',
      },
    ],
  ])('of a job that %s', (_, events, expected) => {
    expect(stateAfter(...events)).toEqual(expected);
  });

  it('never throws, whatever it says', () => {
    fc.assert(fc.property(fc.string(), (text) => void readEventLog(`${submitted}${text}...\n${executing}`)));
  });
});

describe('states by index', () => {
  it('are those of the log, and jobs still to be made wait', () => {
    const log = readEventLog(recorded('factory-events'));
    expect(log.isMakingJobs).toBe(true);
    const states = statesOf(log, new Set([0]), [0, 2, 3, 5, 8, 13]);
    expect([...states]).toEqual([
      [0, { kind: 'running' }],
      [2, { kind: 'failed', reason: 'killed by signal 9', exitCode: 137 }],
      [3, { kind: 'failed', reason: 'exit code 3', exitCode: 3 }],
      [5, { kind: 'done' }],
      [8, { kind: 'done' }],
      [13, { kind: 'pending', reason: '' }],
    ]);
  });

  it('are unknown of jobs that left the queue without an end', () => {
    const log = readEventLog(submitted + executing);
    expect([...statesOf(log, new Set(), [4])]).toEqual([]);
    expect([...statesOf(log, new Set([0]), [4])]).toEqual([[4, { kind: 'running' }]]);
  });
});
