/** What a benchmark is: to the process that compares, and to the processes that measure. */
import type { PythonPeer } from './peer-python.ts';

/** What a measuring process is told, ours or a peer's; it travels as JSON. */
export interface JobSpec {
  readonly benchmark: string;
  readonly rows: number;
  readonly threads: number;
  /** Measured runs of this process. */
  readonly rounds: number;
  /** Folder with the data that both sides read. */
  readonly folder: string;
  /** Settings of the case, such as the batch size. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Work that is set up, and warm unless a fresh process is wanted for every run. */
export interface Job {
  /** What does the work, such as `onnxruntime cpu, 2 replicas x 1 thread`. */
  readonly engine: string;
  /** Does the work once and returns a number that shows that it was done, such as the loss. */
  run(round: number): Promise<number>;
  close(): Promise<void>;
}

/** The other side: a Python program, or a case of ours that works on the same data. */
export type Peer = PythonPeer | { readonly benchmark: string };

/** One case of a benchmark. */
export interface Benchmark {
  readonly name: string;
  readonly rows: number;
  /** Rows of the quick run that only shows that everything works. */
  readonly smokeRows: number;
  /** `shared`: one process does all runs. `fresh`: each run has its own, as a reader of files runs once. */
  readonly processes: 'shared' | 'fresh';
  /** Threads of either side when the case fixes them. */
  readonly threads?: number;
  /** Absent where no program does the same. */
  readonly peer?: Peer;
  readonly settings: () => Readonly<Record<string, unknown>>;
  /** Writes the data into a folder, the same for the same number of rows. */
  prepare(folder: string, rows: number): Promise<void>;
  start(spec: JobSpec): Promise<Job>;
}
