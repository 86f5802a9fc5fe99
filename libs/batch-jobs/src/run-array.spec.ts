import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@hep/options';
import { temporaryFolder } from '@hep/test-support';
import { cancelArray, htcondor, runArray, slurm } from './index.ts';
import type { ArrayJob, ArraySettings, BatchSystem, JobState } from './index.ts';
import { ScriptedSystem } from './testing/scripted-system.ts';

const root = await temporaryFolder();
let count = 0;
let folder = '';
beforeEach(() => (folder = join(root, String(++count))));

const array = (...programs: string[]): ArrayJob => ({
  name: 'test',
  commands: programs.map((program) => [program]),
  workingFolder: root,
  resources: { cpus: 1, gpus: 0 },
});
const run = (system: BatchSystem, job = array('a'), more: Partial<ArraySettings> = {}) =>
  runArray(job, { system, folder, pollSeconds: 0.01, graceSeconds: 0.2, ...more });

const done: JobState = { kind: 'done' };
const running: JobState = { kind: 'running' };
const cancelled: JobState = { kind: 'lost', reason: 'cancelled' };
const always = (...states: JobState[]) => new ScriptedSystem(() => new Map(states.entries()));

/** Leaves the exit code of a command of the first submission, as its job does. */
async function leaveExitCode(index: number, code: number): Promise<void> {
  await writeFile(join(folder, 'submission-1', 'exit', String(index)), `${code}\n`);
}

describe('an array', () => {
  it('submits lost commands again, those alone, as often as is allowed', async () => {
    const system = new ScriptedSystem((submission) =>
      submission === 1
        ? new Map([done, cancelled, cancelled].entries())
        : new Map<number, JobState>([
            [1, done],
            [2, cancelled],
          ]),
    );
    const reports = await run(system, array('a', 'b', 'c'));
    expect(reports.map(({ state, attempts }) => [state.kind, attempts])).toEqual([
      ['done', 1],
      ['done', 2],
      ['lost', 3],
    ]);
    const [, second, third] = await Promise.all(
      system.submitted.map(
        async (place) => /--array=(.*)/.exec(await readFile(join(place, 'job.sh'), 'utf8'))?.[1],
      ),
    );
    expect([second, third]).toEqual(['1-2', '2']);
    expect(reports[2].log).toBe(join(folder, 'submission-3', 'logs', '2.txt'));
  });

  it('believes an exit code more than the queue', async () => {
    const system = new ScriptedSystem((_, look) => {
      if (look === 2) void leaveExitCode(0, 4);
      return new Map([running].entries());
    });
    const [{ state }] = await run(system);
    expect(state).toEqual({ kind: 'failed', reason: 'exit code 4', exitCode: 4 });
  });

  it('gives the exit code of a job that left the queue time to appear', async () => {
    const late = new ScriptedSystem((_, look) => {
      if (look === 5) void leaveExitCode(0, 0);
      return new Map(look === 1 ? [running].entries() : []);
    });
    expect((await run(late))[0]).toMatchObject({ state: done, attempts: 1 });
    folder += '-never';
    const never = new ScriptedSystem(() => new Map());
    expect((await run(never, array('a'), { attempts: 1 }))[0].state).toEqual({
      kind: 'lost',
      reason: 'gone from the queue without an exit code',
    });
  });

  it('waits for a batch system that is silent for a while', async () => {
    const told: string[] = [];
    const system = new ScriptedSystem((_, look) => {
      if (look === 2 || look === 3) throw new UserError('squeue: no answer');
      return new Map([look > 3 ? done : running].entries());
    });
    await run(system, array('a'), { notice: (text) => told.push(text) });
    expect(told).toEqual(['squeue: no answer; asking again']);
    folder += '-broken';
    const broken = new ScriptedSystem(() => {
      throw new TypeError('ours');
    });
    await expect(run(broken)).rejects.toThrow('ours');
  });

  it('tells a job whose node does not have its folder', async () => {
    const [{ state }] = await run(always({ kind: 'failed', reason: 'exit code 125', exitCode: 125 }));
    expect(state).toMatchObject({
      reason: `${folder}/submission-1 is not there on the node; choose a shared file system`,
    });
  });
});

describe('a folder that has submissions', () => {
  it('is taken up: what ended counts, what runs is watched, nothing is submitted', async () => {
    const stop = new AbortController();
    const first = always(running, running);
    await run(first, array('a', 'b'), { signal: stop.signal, onChange: () => stop.abort() });
    await leaveExitCode(1, 3);
    const second = always(done);
    const reports = await run(second, array('a', 'b'));
    expect(reports.map(({ state }) => state.kind)).toEqual(['done', 'failed']);
    expect([first.submitted.length, second.submitted.length]).toEqual([1, 0]);
  });

  /** As a process leaves it that was killed before it noted the number. */
  async function leaveUnnoted(): Promise<string> {
    const refusing = always();
    refusing.submit = () => Promise.reject(new Error('killed'));
    await expect(run(refusing)).rejects.toThrow('killed');
    return join(folder, 'submission-1');
  }

  it('whose number is not noted is looked up by its name', async () => {
    const first = await leaveUnnoted();
    const system = always(done);
    system.found = ['1'];
    expect((await run(system))[0].state.kind).toBe('done');
    expect(system.submitted).toEqual([]);
    expect(JSON.parse(await readFile(join(first, 'submission.json'), 'utf8'))).toMatchObject({ id: '1' });
  });

  it('whose jobs the queue forgot counts what they left', async () => {
    await leaveUnnoted();
    await leaveExitCode(0, 0);
    const system = always();
    expect((await run(system))[0]).toMatchObject({ state: done, attempts: 1 });
    expect(system.submitted).toEqual([]);
  });

  it('that never reached the queue is given up, and cancelled should it come in this moment', async () => {
    const first = await leaveUnnoted();
    const system = always(done);
    system.found = [undefined, '99'];
    expect((await run(system))[0]).toMatchObject({ state: done, attempts: 1 });
    expect(await readdir(first)).toContain('abandoned');
    expect(system.submitted).toEqual([join(folder, 'submission-2')]);
    expect(system.cancelled).toEqual(['99']);
  });

  it('is withdrawn as a whole', async () => {
    const stop = new AbortController();
    const system = always(running);
    await run(system, array('a'), { signal: stop.signal, onChange: () => stop.abort() });
    await cancelArray({ system, folder });
    expect(system.cancelled).toEqual(['1']);
  });
});

describe('mistakes are told in one line', () => {
  it.each<[string, () => Promise<unknown>, string]>([
    ['nothing to do', () => run(slurm, array()), 'jobs test: there is nothing to run'],
    [
      'a name that no queue takes',
      () => run(slurm, { ...array('a'), name: 'a b' }),
      'jobs "a b": not a name for a queue, expected a letter, then letters, digits, ".", "_" and "-"',
    ],
  ])('%s', async (_, attempt, message) => {
    await expect(attempt()).rejects.toThrow(new UserError(message));
  });

  it('a folder of other jobs, of another system, or damaged', async () => {
    await run(always(done));
    await expect(run(always(done), array('b'))).rejects.toThrow(
      `${folder}: has jobs of other commands (array.json); choose another folder, or remove it`,
    );
    await expect(run(htcondor)).rejects.toThrow(
      `${folder}: has jobs of slurm, not of htcondor; choose --batch slurm, or another folder`,
    );
    const record = join(folder, 'submission-1', 'submission.json');
    for (const damaged of ['', '{"name": "x"}', '[]', '{"name":"x","indices":[-1]}']) {
      await writeFile(record, damaged);
      await expect(run(always(done))).rejects.toThrow(
        `${record}: damaged; remove its folder and start again`,
      );
    }
  });

  it('a folder in which a file is in the way', async () => {
    await mkdir(root, { recursive: true });
    await writeFile(folder, '');
    await expect(run(always(done))).rejects.toThrow(/a file|not a directory/);
  });

  it('a batch system that is not there', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = root;
    try {
      await expect(run(slurm)).rejects.toThrow(
        "sbatch: not found on this machine; run this where Slurm's programs are (Debian package slurm-client), or choose another --batch",
      );
      folder += '-condor';
      await expect(run(htcondor)).rejects.toThrow('condor_submit: not found on this machine');
    } finally {
      process.env['PATH'] = path;
    }
  });
});
