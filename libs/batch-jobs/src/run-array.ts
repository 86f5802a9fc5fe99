import { setTimeout } from 'node:timers/promises';
import { resolve } from 'node:path';
import { isUserError, UserError } from '@hep/options';
import { isEnded } from './array-job.ts';
import type { ArrayJob, JobState } from './array-job.ts';
import type { BatchSystem } from './batch-system.ts';
import { claimFolder, loadSubmissions, prepareSubmission, saveSubmission, takeUp } from './submission.ts';
import type { Submission } from './submission.ts';
import { logFile } from './task-script.ts';
import { SubmissionWatch } from './watch.ts';

/** How an array is run. */
export interface ArraySettings {
  readonly system: BatchSystem;
  /** Folder for job files, logs and exit codes of this array alone, on a file system that the nodes share. */
  readonly folder: string;
  /** Most times that a command is submitted, the first one included; only lost ones are submitted again. Default 3. */
  readonly attempts?: number;
  /** Longest time between two looks at the queue. Default 15. */
  readonly pollSeconds?: number;
  /** Time for an exit code to appear after its job left the queue. Default 60. */
  readonly graceSeconds?: number;
  /** Stops watching; the jobs stay where they are, and the next call with the same folder takes them up again. */
  readonly signal?: AbortSignal;
  /** Told of every change of a command's state. */
  readonly onChange?: (report: JobReport) => void;
  /** Told of troubles that pass, in one line each. */
  readonly notice?: (text: string) => void;
}

/** How it stands with a command. */
export interface JobReport {
  readonly index: number;
  readonly state: JobState;
  /** How often it was submitted. */
  readonly attempts: number;
  /** File with its output, there once it ran. */
  readonly log: string;
}

/**
 * Submits the commands of an array and waits for their end; lost ones are submitted again. When the folder has
 * submissions of the same array already, say because the process was killed, these are taken up instead: nothing runs
 * twice, and what ended meanwhile counts. One process at a time may do this for a folder.
 * @returns a report for each command by index, all ended unless `signal` stopped the watching
 * @throws UserError when the batch system refuses the jobs or is not there, when the folder has other jobs, or on an
 * empty array or a name that no queue takes
 */
export async function runArray(array: ArrayJob, settings: ArraySettings): Promise<readonly JobReport[]> {
  requireGoodArray(array);
  const run = new ArrayRun(array, settings);
  await run.takeUp();
  let pause = FIRST_PAUSE_SECONDS;
  for (;;) {
    const hasChanged = await run.look();
    if (await run.submitMissing()) continue;
    if (run.isOver || settings.signal?.aborted === true) return run.reports;
    pause = Math.min(hasChanged ? FIRST_PAUSE_SECONDS : pause * 1.5, settings.pollSeconds ?? 15);
    await setTimeout(pause * 1000, undefined, { signal: settings.signal }).catch(() => undefined);
  }
}

/**
 * Takes what is left of an array out of the queue.
 * @throws UserError when the batch system refuses or is not there
 */
export async function cancelArray({
  system,
  folder,
}: Pick<ArraySettings, 'system' | 'folder'>): Promise<void> {
  for (const submission of await loadSubmissions(resolve(folder))) {
    const { id } = submission.id === undefined ? ((await takeUp(submission, system)) ?? {}) : submission;
    if (id !== undefined) await system.cancel(id, { indices: submission.indices });
  }
}

const FIRST_PAUSE_SECONDS = 1;

class ArrayRun {
  private readonly folder: string;
  private readonly watches: SubmissionWatch[] = [];
  private readonly states = new Map<number, JobState>();
  private hasLooked = false;
  private isTroubled = false;

  constructor(
    private readonly array: ArrayJob,
    private readonly settings: ArraySettings,
  ) {
    this.folder = resolve(settings.folder);
  }

  get isOver(): boolean {
    return this.reports.every(({ state }) => isEnded(state));
  }

  get reports(): JobReport[] {
    return this.array.commands.map((_, index) => this.report(index));
  }

  async takeUp(): Promise<void> {
    const { system } = this.settings;
    await claimFolder(this.folder, this.array, system);
    for (const submission of await loadSubmissions(this.folder)) {
      const known = submission.id === undefined ? await takeUp(submission, system) : submission;
      if (known !== undefined) this.watch(known);
    }
  }

  /** Asks for the states; true when one changed. A batch system that answered before may be silent for a while. */
  async look(): Promise<boolean> {
    let hasChanged = false;
    try {
      // Later submissions of a command count before earlier ones.
      for (const watch of this.watches) {
        for (const [index, state] of await watch.states()) {
          if (this.latest(index) === watch && this.note(index, state)) hasChanged = true;
        }
      }
      this.hasLooked = true;
      this.isTroubled = false;
    } catch (error) {
      if (!isUserError(error) || !this.hasLooked) throw error;
      if (!this.isTroubled) this.settings.notice?.(`${error.message}; asking again`);
      this.isTroubled = true;
    }
    return hasChanged;
  }

  /** Submits commands that never were, and lost ones; true when there were any. */
  async submitMissing(): Promise<boolean> {
    const { system, attempts = 3, signal } = this.settings;
    const missing = this.reports.filter(
      ({ state, attempts: done }) => done === 0 || (state.kind === 'lost' && done < attempts),
    );
    if (missing.length === 0 || signal?.aborted === true) return false;
    const indices = missing.map(({ index }) => index);
    const prepared = await prepareSubmission(this.folder, this.array, indices, system);
    const id = await system.submit(prepared.folder);
    const submission = { ...prepared, id };
    await saveSubmission(submission);
    this.watch(submission);
    for (const index of indices) this.note(index, { kind: 'pending', reason: '' });
    return true;
  }

  private watch(submission: Submission): void {
    const { system, graceSeconds = 60 } = this.settings;
    this.watches.push(new SubmissionWatch(submission, system, graceSeconds));
  }

  private report(index: number): JobReport {
    const state = this.states.get(index) ?? { kind: 'pending', reason: '' };
    const attempts = this.watches.filter(({ submission }) => submission.indices.includes(index)).length;
    const folder = this.latest(index)?.submission.folder ?? this.folder;
    return { index, state, attempts, log: logFile(folder, index) };
  }

  private latest(index: number): SubmissionWatch | undefined {
    return this.watches.findLast(({ submission }) => submission.indices.includes(index));
  }

  private note(index: number, state: JobState): boolean {
    if (JSON.stringify(this.states.get(index)) === JSON.stringify(state)) return false;
    this.states.set(index, state);
    this.settings.onChange?.(this.report(index));
    return true;
  }
}

function requireGoodArray({ name, commands }: ArrayJob): void {
  if (commands.length === 0) throw new UserError(`jobs ${name}: there is nothing to run`);
  if (!/^[A-Za-z][\w.-]{0,80}$/.test(name)) {
    throw new UserError(
      `jobs "${name}": not a name for a queue, expected a letter, then letters, digits, ".", "_" and "-"`,
    );
  }
}
