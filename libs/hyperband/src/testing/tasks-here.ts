import { existsSync } from 'node:fs';
import { SearchFolder } from '../search-folder.ts';
import type { Task, TaskEnded, TaskRunner } from '../run-search.ts';

/** Does tasks in this process; `work` gives the reason of a failure, or null when the result file is written. */
export class TasksHere implements TaskRunner {
  /** Names of the groups, in the order in which they began. */
  readonly groups: string[] = [];

  constructor(private readonly work: (task: Task) => Promise<string | null>) {}

  async run(name: string, tasks: readonly Task[], signal: AbortSignal, ended: TaskEnded): Promise<void> {
    this.groups.push(name);
    for (const task of tasks) {
      if (signal.aborted) return;
      if (existsSync(task.result)) continue;
      const failure = await this.work(task);
      if (!signal.aborted || failure === null) await ended(task, failure);
    }
  }
}

/** Work that writes an outcome; the command of a task is folder, trial and round. */
export async function writeOutcome(
  { command: [path, trial, round] }: Task,
  objectiveOf: (trial: number, round: number) => number,
): Promise<null> {
  const folder = await SearchFolder.open(path);
  const objective = objectiveOf(Number(trial), Number(round));
  await folder.write(Number(trial), Number(round), { kind: 'finished', objective, epoch: 1, seconds: 1 });
  return null;
}
