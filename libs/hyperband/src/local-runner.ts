import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, storageError } from '@hep/files';
import { UserError } from '@hep/options';
import { USER_ERROR } from './exit-codes.ts';
import type { Task, TaskEnded, TaskRunner } from './run-search.ts';

/** How processes of this machine are run. */
export interface LocalRunnerOptions {
  /** Processes at a time. */
  readonly parallel: number;
  /** Time without a line of output after which a process is given up. */
  readonly silentMilliseconds: number;
  /** Time after which a process is given up, whatever it says; null for none. */
  readonly longestMilliseconds: number | null;
  /** Folder of the processes' output, a file for each task. */
  readonly logs: string;
  /** Variables that processes which run at the same time get in turn, say to name a GPU for each; none unless given. */
  readonly environments?: readonly Readonly<Record<string, string>>[];
}

/**
 * Runs tasks as processes of this machine. They have a channel to this one, so that they notice when it is gone (see
 * `whileRunnerLives`), and a group of their own, so that Ctrl-C reaches them through this process alone.
 */
export class LocalRunner implements TaskRunner {
  /** Numbers that no running process has. */
  private readonly free: number[];
  private readonly waiting: ((slot: number) => void)[] = [];

  constructor(private readonly options: LocalRunnerOptions) {
    this.free = Array.from({ length: options.parallel }, (_, slot) => slot);
  }

  async run(_: string, tasks: readonly Task[], signal: AbortSignal, ended: TaskEnded): Promise<void> {
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    const ends = await Promise.allSettled(
      tasks.map((task) =>
        this.inTurn((slot) => this.runTask(task, slot, either, ended)).catch((error: unknown) => {
          stop.abort('failed');
          throw error;
        }),
      ),
    );
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  private async inTurn(work: (slot: number) => Promise<void>): Promise<void> {
    const slot = this.free.shift() ?? (await new Promise<number>((resolve) => this.waiting.push(resolve)));
    try {
      await work(slot);
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.free.push(slot);
      else next(slot);
    }
  }

  private async runTask(task: Task, slot: number, signal: AbortSignal, ended: TaskEnded): Promise<void> {
    if (signal.aborted || existsSync(task.result)) return;
    const end = await this.watch(task, slot, signal);
    if (existsSync(task.result)) return ended(task, null);
    if (signal.aborted) return;
    if (end.code === USER_ERROR) throw new UserError(`${task.name}: ${end.lastLine}`);
    await ended(task, failureOf(end));
  }

  /** Starts the process and waits for its end. */
  private async watch({ name, command }: Task, slot: number, signal: AbortSignal): Promise<End> {
    const { silentMilliseconds, longestMilliseconds, logs, environments = [] } = this.options;
    const log = await openLog(logs, name);
    const [program, ...parameters] = command;
    const child = spawn(program, parameters, {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
      env: { ...process.env, ...environments[slot % environments.length] },
    });
    let givenUp: string | null = null;
    const giveUp = (reason: string) => () => {
      givenUp = reason;
      child.kill('SIGKILL');
    };
    const silence = setTimeout(giveUp(`no output for ${inWords(silentMilliseconds)}`), silentMilliseconds);
    const limit =
      longestMilliseconds === null
        ? undefined
        : setTimeout(giveUp(`not done after ${inWords(longestMilliseconds)}`), longestMilliseconds);
    const stop = () => child.kill('SIGTERM');
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop(); // while the log was opened
    try {
      const lastLine = keepOutput(child, log, () => silence.refresh());
      const { code, signal: killer } = await exitOf(child);
      return { code, killer, givenUp, lastLine: lastLine() };
    } finally {
      clearTimeout(silence);
      clearTimeout(limit);
      signal.removeEventListener('abort', stop);
      await log.close();
    }
  }
}

interface End {
  readonly code: number | null;
  readonly killer: string | null;
  /** Why the process was killed by this one. */
  readonly givenUp: string | null;
  /** Of its output. */
  readonly lastLine: string;
}

function failureOf({ code, killer, givenUp, lastLine }: End): string {
  if (givenUp !== null) return givenUp;
  const end = killer === null ? `ended with code ${code} and no result` : `was ended by ${killer}`;
  return lastLine === '' ? end : `${end}: ${lastLine}`;
}

async function openLog(folder: string, name: string): Promise<FileHandle> {
  const path = join(folder, `${name}.log`);
  try {
    await makeFolder(folder);
    return await open(path, 'a');
  } catch (error) {
    throw storageError(error, path);
  }
}

/** Longest part of a line that is kept: what a mistake of the user is told in, advice at its end. */
const MOST_LETTERS = 2000;

/** Copies output to the log. @returns the last line so far that is not empty */
function keepOutput(child: ChildProcess, log: FileHandle, onOutput: () => void): () => string {
  let last = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    let rest = '';
    stream.on('data', (bytes: Buffer) => {
      onOutput();
      // What a full disk keeps from the log is no reason to end a trial.
      void log.write(bytes).catch(() => undefined);
      const lines = (rest + bytes.toString()).split('\n');
      rest = lines.at(-1)!.slice(0, MOST_LETTERS);
      last = lines.findLast((line) => line.trim() !== '')?.slice(0, MOST_LETTERS) ?? last;
    });
  }
  return () => last;
}

function exitOf(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new UserError(`a trial cannot be started: ${error.message}`)));
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}

function inWords(milliseconds: number): string {
  return milliseconds < 60_000 ? `${milliseconds / 1000} s` : `${milliseconds / 60_000} minutes`;
}
