/** What is asked of a batch system, and what it answers. */

/** What every job of an array may use. */
export interface JobResources {
  readonly cpus: number;
  readonly gpus: number;
  /** MiB; undefined: what the batch system gives. */
  readonly memoryMiB?: number;
  /** Time limit in minutes; undefined: that of the batch system. */
  readonly minutes?: number;
  /** Most jobs of the array that run at once; undefined: no limit of ours. */
  readonly limit?: number;
  /** Slurm: the partition. */
  readonly partition?: string;
  /** Slurm: a constraint on the node's features; HTCondor: an expression over the machine's attributes. */
  readonly requirements?: string;
  /** Container image that the commands run in. */
  readonly image?: string;
  /** Lines for the job file, in the words of the batch system: options of sbatch, commands of a submit file. */
  readonly lines?: readonly string[];
  /** Lines of shell before every command: `module load cuda`. */
  readonly setup?: readonly string[];
}

/** Commands that do not depend on each other; the index of a command is its place in the list. */
export interface ArrayJob {
  /** What the queue shows: letters, digits, `.`, `_` and `-`. */
  readonly name: string;
  /** Program and arguments, any text without NUL. */
  readonly commands: readonly (readonly string[])[];
  /** Absolute path, the same on every node, where the commands start. */
  readonly workingFolder: string;
  /** Variables beside those that the batch system sets; Slurm passes on those of the submitting process, too. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly resources: JobResources;
}

/**
 * State of one command. `done`: exit code 0. `failed`: it ended otherwise or hit a limit, so that doing it again would
 * end alike. `lost`: it did not end by itself (cancelled, node failed, gone from the queue), so that doing it again is
 * worth it.
 */
export type JobState =
  | { readonly kind: 'pending'; readonly reason: string }
  | { readonly kind: 'running' }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly reason: string; readonly exitCode?: number }
  | { readonly kind: 'lost'; readonly reason: string };

/** Whether nothing more happens to the command unless it is submitted again. */
export function isEnded(state: JobState): boolean {
  return state.kind === 'done' || state.kind === 'failed' || state.kind === 'lost';
}

/** The state that an exit code means. */
export function stateOfExitCode(exitCode: number): JobState {
  if (exitCode === 0) return { kind: 'done' };
  const reason = exitCode > 128 ? `killed by signal ${exitCode - 128}` : `exit code ${exitCode}`;
  return { kind: 'failed', reason, exitCode };
}
