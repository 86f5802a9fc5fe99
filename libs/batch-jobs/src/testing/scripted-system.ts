import { slurm } from '../index.ts';
import type { BatchSystem, JobState } from '../index.ts';

/** A batch system that gives the answers that it is told, and notes what it is asked. */
export class ScriptedSystem implements BatchSystem {
  readonly name = 'slurm';
  readonly fileName = 'job.sh';
  readonly jobFile = slurm.jobFile;
  readonly insideImage = slurm.insideImage;
  /** Folders that were submitted, and numbers of submissions that were cancelled. */
  readonly submitted: string[] = [];
  readonly cancelled: string[] = [];
  /** Numbers by name that `find` tells, one list for each call, the last one again and again. */
  found: (string | undefined)[] = [undefined];

  /** @param answer states that the queue tells of a submission at its nth look, both counted from 1 */
  constructor(private readonly answer: (submission: number, look: number) => Map<number, JobState>) {}

  private readonly looks = new Map<string, number>();

  async submit(folder: string): Promise<string> {
    this.submitted.push(folder);
    return String(this.submitted.length);
  }

  async find(): Promise<string | undefined> {
    return this.found.length > 1 ? this.found.shift() : this.found[0];
  }

  async states(id: string): Promise<Map<number, JobState>> {
    const look = (this.looks.get(id) ?? 0) + 1;
    this.looks.set(id, look);
    return this.answer(Number(id), look);
  }

  async cancel(id: string): Promise<void> {
    this.cancelled.push(id);
  }
}
