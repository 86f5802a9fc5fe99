import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isEnded, stateOfExitCode } from './array-job.ts';
import type { JobState } from './array-job.ts';
import type { BatchSystem } from './batch-system.ts';
import type { Submission } from './submission.ts';
import { exitFile, NO_FOLDER } from './task-script.ts';

/**
 * Follows the commands of one submission. What a command left in its exit file counts before what the batch system
 * says. A command that neither knows of is lost, once `graceSeconds` are over in which the file may still appear on a
 * shared file system.
 */
export class SubmissionWatch {
  private readonly ended = new Map<number, JobState>();
  private readonly goneSince = new Map<number, number>();

  constructor(
    readonly submission: Submission,
    private readonly system: BatchSystem,
    private readonly graceSeconds: number,
  ) {}

  /** @throws UserError when the batch system does not answer */
  async states(): Promise<ReadonlyMap<number, JobState>> {
    const { indices } = this.submission;
    const open = indices.filter((index) => !this.ended.has(index));
    if (open.length === 0) return this.ended;
    const queued = await this.queuedStates(); // before the exit files: a job that ends in between has left one
    const codes = await this.exitCodes();
    const states = new Map(this.ended);
    for (const index of open) {
      const code = codes.get(index);
      const state = code === undefined ? this.queuedOrGone(index, queued) : stateOfExitCode(code);
      states.set(index, state);
      if (isEnded(state)) this.ended.set(index, state);
    }
    return states;
  }

  private async queuedStates(): Promise<ReadonlyMap<number, JobState>> {
    const { id, ...submission } = this.submission;
    return id === undefined ? new Map() : this.system.states(id, submission);
  }

  private queuedOrGone(index: number, queued: ReadonlyMap<number, JobState>): JobState {
    const state = queued.get(index);
    if (state !== undefined) {
      this.goneSince.delete(index);
      return state.kind === 'failed' && state.exitCode === NO_FOLDER
        ? {
            ...state,
            reason: `${this.submission.folder} is not there on the node; choose a shared file system`,
          }
        : state;
    }
    const since = this.goneSince.get(index) ?? performance.now();
    this.goneSince.set(index, since);
    return performance.now() - since < this.graceSeconds * 1000
      ? { kind: 'running' }
      : { kind: 'lost', reason: 'gone from the queue without an exit code' };
  }

  private async exitCodes(): Promise<Map<number, number>> {
    const { folder } = this.submission;
    const names = await readdir(join(folder, 'exit'));
    const indices = names.filter((name) => /^\d+$/.test(name)).map(Number);
    const fresh = indices.filter((index) => !this.ended.has(index));
    const codes = new Map<number, number>();
    for (const index of fresh) {
      const text = await readFile(exitFile(folder, index), 'utf8');
      if (/^\d{1,3}\n$/.test(text)) codes.set(index, Number(text));
    }
    return codes;
  }
}
