/** Arrays of jobs on a batch system that is really there, and a process that submits them and can be killed. */
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { ArrayJob, ArraySettings, BatchSystem, JobReport, JobResources } from '../index.ts';

/** @param root folder that the nodes share */
export class Arrays {
  constructor(
    readonly root: string,
    private readonly system: BatchSystem,
  ) {}

  of(name: string, commands: string[][], resources: Partial<JobResources> = {}): ArrayJob {
    return { name, commands, workingFolder: this.root, resources: { cpus: 1, gpus: 0, ...resources } };
  }

  settings({ name }: ArrayJob, more: Partial<ArraySettings> = {}): ArraySettings {
    const { root, system } = this;
    return { system, folder: join(root, name), pollSeconds: 1, graceSeconds: 3, ...more };
  }

  /** A command that notes each of its starts under a name, and goes on with shell. */
  noting(name: string, shell: string): string[] {
    return ['sh', '-c', `echo started >>"$0"; ${shell}`, join(this.root, `${name}.starts`)];
  }

  /** A command that sleeps at its first start. */
  sleepsOnce(name: string): string[] {
    return this.noting(name, '[ $(wc -l <"$0") -gt 1 ] || sleep 100');
  }

  starts(name: string): number {
    return readFileSync(join(this.root, `${name}.starts`), 'utf8').split('\n').length - 1;
  }

  /** Record of the first submission of an array. */
  record({ name }: ArrayJob): { readonly id?: string; readonly name: string } {
    const path = join(this.root, name, 'submission-1', 'submission.json');
    return JSON.parse(readFileSync(path, 'utf8')) as { id?: string; name: string };
  }

  /**
   * Another process that runs the array.
   * @param program that submits, replaced by `shell`, with `$real` for it and `$reached` for a file that tells how far
   * it is
   */
  startSubmitter(array: ArrayJob, program: string, shell = 'exec "$real" "$@"'): Submitter {
    const place = join(this.root, `${array.name}.process`);
    const reached = join(place, 'reached');
    mkdirSync(place);
    const real = execFileSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim();
    const script = `#!/bin/sh\nreal=${real} reached=${reached}\n${shell}\n`;
    writeFileSync(join(place, program), script, { mode: 0o755 });
    writeFileSync(join(place, 'array.json'), JSON.stringify(array));
    const argv = [bundleIn(place), this.system.name, join(this.root, array.name), join(place, 'array.json')];
    const child = spawn(process.execPath, argv, {
      env: { ...process.env, PATH: `${place}:${process.env['PATH']}` },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return new Submitter(child, reached);
  }
}

/** A process that submits and watches. */
export class Submitter {
  constructor(
    private readonly child: ChildProcess,
    private readonly reachedFile: string,
  ) {}

  /** Waits for a line of output. */
  line(text: string): Promise<void> {
    let out = '';
    return new Promise((resolve, reject) => {
      this.child.once('close', () => reject(new Error(`ended without "${text}": ${out}`)));
      this.child.stdout!.on('data', (bytes: Buffer) => {
        out += String(bytes);
        if (out.includes(`${text}\n`)) resolve();
      });
    });
  }

  /** Waits until the replaced program wrote something of a form to `$reached`. */
  async reached(content = /^/): Promise<string> {
    const match = () =>
      existsSync(this.reachedFile) ? content.exec(readFileSync(this.reachedFile, 'utf8')) : null;
    await until(() => match() !== null);
    return match()![0];
  }

  kill(): Promise<void> {
    this.child.kill('SIGKILL');
    return new Promise((resolve) => this.child.once('exit', () => resolve()));
  }
}

/** What to do when a command runs for the first time. */
export function whenRunning(what: (report: JobReport) => void): Partial<ArraySettings> {
  let isDone = false;
  return {
    onChange: (report) => {
      if (report.index !== 0 || report.state.kind !== 'running' || isDone) return;
      isDone = true;
      what(report);
    },
  };
}

/** State and number of submissions of every command, as `done 1`. */
export function kindsAndAttempts(reports: readonly JobReport[]): string[] {
  return reports.map(({ state, attempts }) => `${state.kind} ${attempts}`);
}

/** @throws Error when a condition does not hold within half a minute */
export async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    if (condition()) return;
    await setTimeout(200);
  }
  throw new Error(`not within 30 s: ${String(condition)}`);
}

function bundleIn(place: string): string {
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
  return bundle;
}
