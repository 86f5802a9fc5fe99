import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cancelArray, isEnded, runArray } from '@hep/batch-jobs';
import type { Batch, JobReport } from '@hep/batch-jobs';
import { UserError } from '@hep/options';
import { USER_ERROR } from './exit-codes.ts';
import { SEARCH_FAILED } from './run-search.ts';
import type { Task, TaskEnded, TaskRunner } from './run-search.ts';

/** Where jobs keep their files, and who is told of them. */
export interface BatchRunnerOptions {
  /** On a file system that the nodes share; each group of tasks has a folder in it. */
  readonly jobs: string;
  /** Where the commands start. */
  readonly workingFolder: string;
  /** Told of troubles that pass, in one line each. */
  readonly notice: (text: string) => void;
}

/**
 * Runs every group of tasks as an array of jobs. Jobs outlive this process: a search that goes on takes them up again.
 * Lost ones are submitted again, as often as `batch` says; what fails by itself is not.
 */
export class BatchRunner implements TaskRunner {
  constructor(
    private readonly batch: Batch,
    private readonly options: BatchRunnerOptions,
  ) {}

  async run(name: string, tasks: readonly Task[], signal: AbortSignal, ended: TaskEnded): Promise<void> {
    const folder = join(this.options.jobs, name);
    try {
      await this.watch(name, folder, tasks, signal, ended);
    } catch (error) {
      await this.withdraw(folder);
      throw error;
    }
    if (signal.reason === SEARCH_FAILED) await this.withdraw(folder);
  }

  private async watch(
    name: string,
    folder: string,
    tasks: readonly Task[],
    signal: AbortSignal,
    ended: TaskEnded,
  ): Promise<void> {
    const { workingFolder, notice } = this.options;
    const { resources, ...batch } = this.batch;
    const stop = new AbortController();
    let told = Promise.resolve();
    const onChange = (report: JobReport) => {
      if (!this.isFinal(report)) return;
      told = told.then(() => tellOfEnd(tasks[report.index], report, ended));
      told.catch(() => stop.abort());
    };
    await runArray(
      { name, commands: tasks.map(({ command }) => command), workingFolder, resources },
      { ...batch, folder, signal: AbortSignal.any([signal, stop.signal]), onChange, notice },
    );
    await told;
  }

  /** Takes jobs that would fail by the same mistake out of the queue; when the search goes on they are submitted anew. */
  private async withdraw(folder: string): Promise<void> {
    await cancelArray({ system: this.batch.system, folder }).catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
  }

  private isFinal({ state, attempts }: JobReport): boolean {
    return state.kind === 'lost' ? attempts >= this.batch.attempts : isEnded(state);
  }
}

async function tellOfEnd(task: Task, report: JobReport, ended: TaskEnded): Promise<void> {
  if (existsSync(task.result)) return ended(task, null);
  const { state, attempts, log } = report;
  const lastLine = (await readFile(log, 'utf8').catch(() => '')).trimEnd().split('\n').at(-1) ?? '';
  const words = lastLine === '' ? '' : `: ${lastLine}`;
  if (state.kind === 'failed' && state.exitCode === USER_ERROR) throw new UserError(`${task.name}${words}`);
  const reason = 'reason' in state ? state.reason : 'ended without a result';
  await ended(task, `${reason}${attempts > 1 ? `, ${attempts} attempts` : ''}${words}`);
}
