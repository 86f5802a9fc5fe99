import type { JobResources, JobState } from './array-job.ts';

/** What a job file says. */
export interface JobFileContent {
  /** Name in the queue that no other submission has. */
  readonly name: string;
  /** Indices of the commands, ascending. */
  readonly indices: readonly number[];
  readonly resources: JobResources;
}

/**
 * A batch system by its command line programs. A submission is a folder with the job file, the script `tasks.sh` that
 * runs one command by its index, and a folder `logs`; the job file names them relative to the folder.
 * Every call throws a UserError with the batch system's own words when it refuses, or when its programs are not there.
 */
export interface BatchSystem {
  readonly name: 'slurm' | 'htcondor';
  /** Name of the job file. */
  readonly fileName: string;
  jobFile(content: JobFileContent): string;
  /** Submits the job file of a folder and returns the number that the batch system gave it. */
  submit(folder: string): Promise<string>;
  /** The number of the submission of this name; undefined when the queue has none. */
  find(name: string, folder: string): Promise<string | undefined>;
  /** States of those commands of a submission that the batch system still knows. */
  states(
    id: string,
    submission: { folder: string; indices: readonly number[] },
  ): Promise<Map<number, JobState>>;
  /** Takes the commands out of the queue, or all; those that are not there are no error. */
  cancel(id: string, submission: { indices: readonly number[]; only?: readonly number[] }): Promise<void>;
  /** Words of shell before a command, so that it runs within an image; empty where the job file sees to it. */
  insideImage(resources: JobResources): readonly string[];
}
