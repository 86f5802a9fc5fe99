/** Against a real Slurm: two nodes on this machine, each with two cores and one GPU that is only a name. */
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describeWithSlurm, temporaryFolder } from '@hep/test-support';
import { cancelArray, runArray, slurm } from './index.ts';
import type { ArrayJob, ArraySettings, JobReport, JobResources } from './index.ts';

const root = await temporaryFolder();

function arrayOf(name: string, commands: string[][], resources: Partial<JobResources> = {}): ArrayJob {
  return { name, commands, workingFolder: root, resources: { cpus: 1, gpus: 0, ...resources } };
}

function settingsOf({ name }: ArrayJob, more: Partial<ArraySettings> = {}): ArraySettings {
  return { system: slurm, folder: join(root, name), pollSeconds: 1, graceSeconds: 2, ...more };
}

/** Shell that notes each of its starts, and sleeps at the first one. */
function sleepsOnce(name: string): string[] {
  const notes = join(root, `${name}.starts`);
  return ['sh', '-c', 'echo $SLURM_JOB_ID >>"$0"; [ $(wc -l <"$0") -gt 1 ] || sleep 100', notes];
}

function startsOf(name: string): number {
  return readFileSync(join(root, `${name}.starts`), 'utf8').split('\n').length - 1;
}

/** Number of the first submission of an array. */
function idOf({ name }: ArrayJob): string {
  const path = join(root, name, 'submission-1', 'submission.json');
  return (JSON.parse(readFileSync(path, 'utf8')) as { id: string }).id;
}

const scontrol = (...argv: string[]) => execFileSync('scontrol', argv, { encoding: 'utf8' });

/** Does something when a command runs for the first time. */
function whenRunning(what: (report: JobReport) => void, index = 0): Partial<ArraySettings> {
  let isDone = false;
  return {
    onChange: (report) => {
      if (report.index !== index || report.state.kind !== 'running' || isDone) return;
      isDone = true;
      what(report);
    },
  };
}

const kindsAndAttempts = (reports: readonly JobReport[]) =>
  reports.map(({ state, attempts }) => `${state.kind} ${attempts}`);

describeWithSlurm('jobs of Slurm', () => {
  // Slurm takes its time to see that the time is over: this goes on beside the other tests.
  const limited = arrayOf('limited', [sleepsOnce('limited')], { minutes: 1 });
  let limitedReports: Promise<readonly JobReport[]>;
  beforeAll(() => {
    const shorten = () => scontrol('update', `jobid=${idOf(limited)}_0`, `EndTime=${inSeconds(2)}`);
    limitedReports = runArray(limited, settingsOf(limited, whenRunning(shorten)));
    limitedReports.catch(() => undefined);
  });

  it('end with the exit codes of their commands, whatever their arguments are', async () => {
    const odd = `a "b" 'c' $HOME \`d\`\n\\e *\t%a é`;
    const array = arrayOf('mixed', [
      ['printf', '%s', odd],
      ['sh', '-c', 'echo to the log; exit 3'],
      ['no-such-program'],
      ['sh', '-c', 'kill -SEGV $$'],
      ['sh', '-c', 'echo $GREETING in $PWD'],
    ]);
    const reports = await runArray({ ...array, environment: { GREETING: "it's me" } }, settingsOf(array));
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
    const array = arrayOf('gpus', [command, command, command], { gpus: 1 });
    const reports = await runArray(array, settingsOf(array));
    expect(reports.map(({ log }) => readFileSync(log, 'utf8'))).toEqual(['gpu 0\n', 'gpu 0\n', 'gpu 0\n']);
  });

  it('that somebody cancels, running or waiting, are submitted again', async () => {
    const array = arrayOf('cancelled', [sleepsOnce('cancelled'), ['true']], { limit: 1 });
    const cancel = () => execFileSync('scancel', [`${idOf(array)}_0`, `${idOf(array)}_1`]);
    expect(kindsAndAttempts(await runArray(array, settingsOf(array, whenRunning(cancel))))).toEqual([
      'done 2',
      'done 2',
    ]);
    expect(startsOf('cancelled')).toBe(2);
  });

  it('stay lost after the last attempt', async () => {
    const array = arrayOf('given-up', [sleepsOnce('given-up')]);
    const cancel = () => execFileSync('scancel', [idOf(array)]);
    const [report] = await runArray(array, settingsOf(array, { ...whenRunning(cancel), attempts: 1 }));
    expect(report.state).toEqual({ kind: 'lost', reason: 'cancelled' });
  });

  it('of a node that fails go to another one', async () => {
    const array = arrayOf('node', [sleepsOnce('node')], { lines: ['--no-requeue'] });
    let node = '';
    const fail = () => {
      node = /BatchHost=(\S+)/.exec(scontrol('show', 'job', `${idOf(array)}_0`))![1];
      scontrol('update', `nodename=${node}`, 'state=down', 'reason=test');
    };
    const reports = await runArray(array, settingsOf(array, whenRunning(fail)));
    expect(kindsAndAttempts(reports)).toEqual(['done 2']);
    expect(node).toMatch(/^n[12]$/);
  });

  it('leave the queue when they are not wanted any more', async () => {
    const array = arrayOf('unwanted', [sleepsOnce('unwanted'), ['sleep', '100']], { limit: 1 });
    const stop = new AbortController();
    const settings = settingsOf(array, { ...whenRunning(() => stop.abort()), signal: stop.signal });
    expect(kindsAndAttempts(await runArray(array, settings))).toEqual(['running 1', 'pending 1']);
    await cancelArray(settings);
    const open = () =>
      execFileSync('squeue', ['--noheader', `--name=${nameOf(array)}`], { encoding: 'utf8' });
    await until(() => open() === '');
    await cancelArray(settings);
  });

  it('that Slurm refuses are an error in its own words', async () => {
    const array = arrayOf('refused', [['true']], { partition: 'none' });
    await expect(runArray(array, settingsOf(array))).rejects.toThrow(
      /^sbatch: invalid partition specified: none; Batch job submission failed: Invalid partition name specified$/,
    );
    const other = arrayOf('refused', [['false']]);
    await expect(runArray(other, settingsOf(other))).rejects.toThrow(
      'has jobs of other commands (array.json)',
    );
    expect(kindsAndAttempts(await runArray(arrayOf('refused', [['true']]), settingsOf(array)))).toEqual([
      'done 1',
    ]);
  });

  describe('whose submitting process is killed', () => {
    it('are taken up again with what ended meanwhile', async () => {
      const array = arrayOf('taken-up', [
        ['sh', '-c', 'echo $SLURM_JOB_ID >>"$0"; sleep 3', notes('taken-up')],
      ]);
      const submitter = startSubmitter(array);
      await submitter.line('0 running');
      await submitter.kill();
      await setTimeout(4000);
      expect(kindsAndAttempts(await runArray(array, settingsOf(array)))).toEqual(['done 1']);
      expect(startsOf('taken-up')).toBe(1);
    });

    it('between submission and note are found by their name', async () => {
      const array = arrayOf('unnoted', [['sh', '-c', 'echo $SLURM_JOB_ID >>"$0"', notes('unnoted')]]);
      const submitter = startSubmitter(array, '"$real" "$@"; touch "$reached"; sleep 2');
      await submitter.reached();
      await submitter.kill();
      expect(idOf(array)).toBeUndefined();
      expect(kindsAndAttempts(await runArray(array, settingsOf(array)))).toEqual(['done 1']);
      expect(startsOf('unnoted')).toBe(1);
    });

    it('before their submission do nothing when they arrive late', async () => {
      const array = arrayOf('late', [['sh', '-c', 'echo $SLURM_JOB_ID >>"$0"', notes('late')]]);
      const submitter = startSubmitter(array, 'touch "$reached"; sleep 2; "$real" "$@" >"$reached"');
      await submitter.reached();
      await submitter.kill();
      expect(kindsAndAttempts(await runArray(array, settingsOf(array)))).toEqual(['done 1']);
      const late = await submitter.reached(/\d+/);
      await until(() => /JobState=COMPLETED/.test(scontrol('show', 'job', late)));
      expect(startsOf('late')).toBe(1);
    });
  });

  it('are stopped at their time limit', async () => {
    const [report] = await limitedReports;
    expect(report).toMatchObject({ attempts: 1, state: { kind: 'failed', reason: 'time limit' } });
    expect(readFileSync(report.log, 'utf8')).toContain('DUE TO TIME LIMIT');
  });
});

function inSeconds(seconds: number): string {
  return execFileSync('date', ['-d', `+${seconds} sec`, '+%FT%T'], { encoding: 'utf8' }).trim();
}

function nameOf({ name }: ArrayJob): string {
  const path = join(root, name, 'submission-1', 'submission.json');
  return (JSON.parse(readFileSync(path, 'utf8')) as { name: string }).name;
}

const notes = (name: string) => join(root, `${name}.starts`);

/**
 * Another process that runs the array.
 * @param sbatch shell in the place of sbatch, with `$real` for that and `$reached` for a file that tells how far it is
 */
function startSubmitter(array: ArrayJob, sbatch = 'exec "$real" "$@"') {
  const place = join(root, `${array.name}.process`);
  const reached = join(place, 'reached');
  mkdirSync(place);
  const real = execFileSync('sh', ['-c', 'command -v sbatch'], { encoding: 'utf8' }).trim();
  writeFileSync(join(place, 'sbatch'), `#!/bin/sh\nreal=${real} reached=${reached}\n${sbatch}\n`, {
    mode: 0o755,
  });
  writeFileSync(join(place, 'array.json'), JSON.stringify(array));
  const bundle = join(place, 'main.mjs');
  execFileSync(resolve('../../node_modules/.bin/esbuild'), [
    'src/testing/submit-main.ts',
    '--bundle',
    '--platform=node',
    '--format=esm',
    '--conditions=@hep/source',
    '--log-level=error',
    '--banner:js=import{createRequire as requireOf}from"node:module";const require=requireOf(import.meta.url);',
    `--outfile=${bundle}`,
  ]);
  const child = spawn(process.execPath, [bundle, join(root, array.name), join(place, 'array.json')], {
    env: { ...process.env, PATH: `${place}:${process.env['PATH']}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return {
    line: (text: string) => lineOf(child, text),
    kill: () => killed(child),
    reached: (content = /^/) => contentOf(reached, content),
  };
}

function lineOf(child: ChildProcess, text: string): Promise<void> {
  let out = '';
  return new Promise((resolve, reject) => {
    child.once('close', () => reject(new Error(`ended without "${text}": ${out}`)));
    child.stdout!.on('data', (bytes: Buffer) => {
      out += String(bytes);
      if (out.includes(`${text}\n`)) resolve();
    });
  });
}

function killed(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

/** What a file holds once it is there and has content of a form. */
async function contentOf(path: string, form: RegExp): Promise<string> {
  const match = () => (existsSync(path) ? form.exec(readFileSync(path, 'utf8')) : null);
  await until(() => match() !== null);
  return match()![0];
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (condition()) return;
    await setTimeout(200);
  }
  throw new Error(`not within 20 s: ${String(condition)}`);
}
