/**
 * The directory that tells all about a run:
 *
 *     config.yaml   run.json   history.csv   report.html   checkpoints/   tensorboard/   exports/
 */
import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { UserError } from '@hep/options';
import { atomicWrite, holdLock, makeFolder, removeUnfinished, storageError } from '@hep/files';
import { readRunRecord } from './run-record.ts';
import type { RunRecord, RunStatus } from './run-record.ts';
import type { InputFile } from './storage/input-file.ts';

const FOLDERS = ['checkpoints', 'tensorboard', 'exports'];
/** Of the process that works on the run. */
const LOCK = '.run.lock';
const LAYOUT = [...FOLDERS, 'config.yaml', 'run.json', 'history.csv', 'report.html'];

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

  /** Records how the run ended, with the time; other processes may go on with it then, unless exports are to come. */
  async end(status: RunStatus, change: Partial<RunRecord> = {}): Promise<void> {
    await this.update({ ...change, status, ended: new Date().toISOString() });
    if (status !== 'trained') await this.release();
  }

  /** Lets other processes go on with the run. */
  async release(): Promise<void> {
    await rm(this.file(LOCK), { force: true });
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
  await makeLayout(path, false);
  await hold(path);
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
  // A run that ended before its first checkpoint; what its program wrote beside the layout is written anew.
  if (names.includes('run.json')) return;
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
  await hold(path);
  await removeUnfinished(path);
  await Promise.all(FOLDERS.map((folder) => removeUnfinished(run.file(folder))));
  return run;
}

/** Two processes that write one run would mix theirs. */
async function hold(path: string): Promise<void> {
  const lock = join(path, LOCK);
  const other = await holdLock(lock);
  if (other === undefined) return;
  throw new UserError(
    `${path}: process ${other} is at work on this run; wait for it, or stop it first; if that is another program, remove ${lock}`,
  );
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
