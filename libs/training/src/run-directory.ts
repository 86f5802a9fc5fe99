/**
 * The directory that tells all about a run:
 *
 *     config.yaml   run.json   history.csv   report.html   checkpoints/   tensorboard/   exports/
 */
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { UserError } from '@hep/options';
import { atomicWrite, removeUnfinished } from '@hep/files';
import type { InputFile } from './storage/input-file.ts';
import { makeFolder } from '@hep/files';
import { storageError } from '@hep/files';

const FOLDERS = ['checkpoints', 'tensorboard', 'exports'];
const LAYOUT = [...FOLDERS, 'config.yaml', 'run.json', 'history.csv', 'report.html'];

/** How far a run got: `trained` when the loop ended by itself, `finished` when exports and report are done, too. */
export type RunStatus = 'running' | 'trained' | 'finished' | 'interrupted' | 'failed';

/** What a caller knows about a new run. */
export interface RunDescription {
  /** Resolved options as YAML text, for `config.yaml`. */
  readonly config: string;
  readonly seed: number;
  /** Of the project and its libraries, by name; Node's is added. */
  readonly versions: Readonly<Record<string, string>>;
  readonly inputs: readonly InputFile[];
  /** The process's own unless given. */
  readonly commandLine?: readonly string[];
}

/** The content of `run.json`. Times are ISO 8601, UTC. */
export interface RunRecord {
  readonly format: 1;
  readonly status: RunStatus;
  readonly seed: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly commandLine: readonly string[];
  readonly machine: { readonly platform: string; readonly architecture: string; readonly cores: number };
  readonly inputs: readonly InputFile[];
  readonly started: string;
  readonly ended: string | null;
  /** Every continuation with the checkpoint it began from. */
  readonly resumes: readonly {
    readonly at: string;
    readonly commandLine: readonly string[];
    readonly from: string | null;
  }[];
  /** What runs the training step. */
  readonly device?: string;
  readonly result?: {
    readonly epochs: number;
    readonly stoppedBy: string;
    readonly bestEpoch: number | null;
    readonly seconds: number;
  };
  /** What the finished run achieved, in the application's words. */
  readonly scores?: unknown;
  /** Why the run failed. */
  readonly error?: string;
}

/** A run directory that exists and can be written. */
export class RunDirectory {
  private constructor(
    readonly path: string,
    private content: RunRecord,
  ) {}

  /** For `createRunDirectory` and `openRunDirectory`. */
  static of(path: string, record: RunRecord): RunDirectory {
    return new RunDirectory(path, record);
  }

  /** The content of `run.json`. */
  get record(): RunRecord {
    return this.content;
  }

  /** Path of something in the directory, e.g. `file('exports', 'encoder.onnx')`. */
  file(...names: readonly string[]): string {
    return join(this.path, ...names);
  }

  /** Writes a file of the directory in one step; see `atomicWrite`. */
  async write(name: string, data: Uint8Array | string): Promise<void> {
    await atomicWrite(this.file(name), data);
  }

  /** Changes `run.json`. */
  async update(change: Partial<RunRecord>): Promise<void> {
    this.content = { ...this.content, ...change };
    await this.write('run.json', `${JSON.stringify(this.content, null, 2)}\n`);
  }

  /** Records how the run ended, with the time. */
  async end(status: RunStatus, change: Partial<RunRecord> = {}): Promise<void> {
    await this.update({ ...change, status, ended: new Date().toISOString() });
  }
}

/**
 * Makes the directory of a new run after checking that it can hold one.
 * @param force replaces a run that is there already; only files of a run are removed
 * @throws UserError when the path is a file, cannot be written, or holds a run or other files
 */
export async function createRunDirectory(
  path: string,
  description: RunDescription,
  { force = false }: { readonly force?: boolean } = {},
): Promise<RunDirectory> {
  await requireFree(path, force);
  await makeLayout(path, true);
  const run = RunDirectory.of(path, newRecord(description));
  await run.write('config.yaml', description.config);
  await run.update({});
  return run;
}

/**
 * Checks that `createRunDirectory` will take the path, and changes nothing.
 * @throws UserError as `createRunDirectory`
 */
export async function requireFree(path: string, force: boolean): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isDirectory()) {
    throw new UserError(
      `${path}: is a file, expected a directory for the run; choose another name or remove it`,
    );
  }
  if (force) return;
  const names = await readdir(path);
  if (await holdsCheckpoints(path)) {
    throw new UserError(
      `${path}: holds a run already; choose another name, go on with --resume, or replace it with --force`,
    );
  }
  const foreign = names.find((name) => !LAYOUT.includes(name) && !name.startsWith('.'));
  if (foreign !== undefined) {
    throw new UserError(`${path}: is not empty (it holds ${foreign}); choose another name for the run`);
  }
}

/**
 * Opens the directory of a run to resume it, and removes what a killed process left half written.
 * @throws UserError when there is no run or it cannot be written
 */
export async function openRunDirectory(path: string): Promise<RunDirectory> {
  const run = RunDirectory.of(path, await readRunRecord(path, 'to resume'));
  await makeLayout(path, false);
  await removeUnfinished(path);
  await Promise.all(FOLDERS.map((folder) => removeUnfinished(run.file(folder))));
  return run;
}

/** A run that failed before its first checkpoint has nothing to lose, so its directory may be used again. */
async function holdsCheckpoints(path: string): Promise<boolean> {
  const names = await readdir(join(path, 'checkpoints')).catch(() => []);
  return names.some((name) => name.endsWith('.checkpoint'));
}

/** Makes the folders; a trial file tells an unwritable place now instead of after the first epoch. */
async function makeLayout(path: string, clear: boolean): Promise<void> {
  try {
    await makeFolder(path);
    if (clear) {
      await Promise.all(LAYOUT.map((name) => rm(join(path, name), { recursive: true, force: true })));
    }
    await Promise.all(FOLDERS.map((folder) => makeFolder(join(path, folder))));
    const trial = join(path, 'checkpoints', '.trial');
    await writeFile(trial, 'trial');
    await rm(trial);
  } catch (error) {
    throw storageError(error, path);
  }
}

function newRecord({ seed, versions, inputs, commandLine = process.argv }: RunDescription): RunRecord {
  return {
    format: 1,
    status: 'running',
    seed,
    versions: { node: process.versions.node, ...versions },
    commandLine,
    machine: { platform: process.platform, architecture: process.arch, cores: availableParallelism() },
    inputs,
    started: new Date().toISOString(),
    ended: null,
    resumes: [],
  };
}

/**
 * Reads the record of a run and changes nothing, not even in a run that is still going on.
 * @param purpose what the run is for, in the message when there is none
 * @throws UserError when there is no run or its record is damaged
 */
export async function readRunRecord(path: string, purpose: string): Promise<RunRecord> {
  const file = join(path, 'run.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text !== undefined) return parseRecord(text, file);
  throw new UserError(`${path}: no run ${purpose}, it has no run.json; give the directory of an earlier run`);
}

function parseRecord(text: string, file: string): RunRecord {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch {
    throw new UserError(`${file}: is not JSON; restore the file or start a new run`);
  }
  if (typeof record !== 'object' || record === null || !('format' in record) || record.format !== 1) {
    throw new UserError(
      `${file}: is not the record of a run (format 1); restore the file or start a new run`,
    );
  }
  return record as RunRecord;
}
