/** From files of tracks to shards on disk, by several threads and in bounded memory. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { atomicWrite, makeFolder, removeUnfinished, storageError } from '@hep/files';
import { UserError } from '@hep/options/user-error';
import { startPreparing } from '../prepare-threads.ts';
import type { SampleFile } from '../tables/sample-files.ts';
import { keyOf, missingShard, planFile, requireSameSettings } from './file-plan.ts';
import type { FilePlan } from './file-plan.ts';
import { fileListText, MANIFEST, readFileList } from './manifest.ts';
import type { PreparedFile, PreparedSection, ShardSettings } from './manifest.ts';
import { prepareSections, sectionList } from './prepare-sections.ts';
import type { SectionTask } from './prepare-sections.ts';

/** Where shards go and what they may cost. */
export interface PrepareOptions {
  readonly folder: string;
  readonly settings: ShardSettings;
  /** Threads that read and write; the shards are the same for any number. */
  readonly threads: number;
  /** Memory of all of them, about. */
  readonly memoryBytes: number;
}

/** What preparing one file gave. */
export interface Prepared extends PreparedFile {
  readonly path: string;
  /** Sections that were prepared before and stayed as they are. */
  readonly kept: number;
}

/** Of a track while it is read: columns, table, and what the collection of garbage has not come to. */
const TRACK_BYTES = 640;
/** Of a thread without tracks: its code, and shards being filled. */
const THREAD_BYTES = 2 ** 20 * 100;
const FEWEST_TRACKS = 2 ** 14;
/** More would only take longer until the thread turns to other work. */
const MOST_TRACKS = 2 ** 17;

/** A file while sections of it are in work. */
interface OpenFile extends FilePlan {
  readonly done: (PreparedSection | undefined)[];
}

/**
 * Writes the shards of files and a list for each of them; sections that are done and whole are kept. Files are independent of
 * each other, so that several processes may prepare theirs into one folder.
 * @param told is handed each file when it is done
 * @throws UserError for files that cannot be used, and for a folder that was prepared in another way
 */
export async function prepareFiles(
  paths: readonly string[],
  options: PrepareOptions,
  told: (prepared: Prepared) => void = () => undefined,
): Promise<void> {
  const { folder, threads } = options;
  const open = new Map<string, OpenFile>();
  const finished = async (sections: PreparedSection[], task: SectionTask) => {
    const file = open.get(task.key)!;
    task.sections.forEach(({ index }, i) => (file.done[index] = sections[i]));
    if (!isComplete(file)) return;
    open.delete(task.key);
    told(await finishFile(file, options));
  };
  try {
    await makeFolder(folder);
    const tasks = tasksOf(paths, options, open, told);
    if (threads === 1) await inThisThread(tasks, finished);
    else await inThreads(threads, tasks, finished);
  } catch (error) {
    throw storageError(error, folder);
  }
}

/** Shares the tasks between worker threads and this one. The first error ends the work of all. */
async function inThreads(
  threads: number,
  tasks: AsyncIterable<SectionTask>,
  finished: (sections: PreparedSection[], task: SectionTask) => Promise<void>,
): Promise<void> {
  const pool = await startPreparing(threads - 1);
  const stop = new AbortController();
  const work = [pool.map('prepare', tasks, finished), inThisThread(tasks, finished, stop.signal)];
  try {
    await Promise.all(work);
  } finally {
    stop.abort();
    await pool.close();
    await Promise.allSettled(work);
  }
}

async function inThisThread(
  tasks: AsyncIterable<SectionTask>,
  finished: (sections: PreparedSection[], task: SectionTask) => Promise<void>,
  stop?: AbortSignal,
): Promise<void> {
  for await (const task of tasks) await finished(await prepareSections(task, stop), task);
}

/** What is left to do, file by file; a file is looked at when its turn comes. */
async function* tasksOf(
  paths: readonly string[],
  options: PrepareOptions,
  open: Map<string, OpenFile>,
  told: (prepared: Prepared) => void,
): AsyncGenerator<SectionTask> {
  const { folder, settings, threads, memoryBytes } = options;
  const room = memoryBytes / threads - THREAD_BYTES;
  const pieceTracks = Math.min(MOST_TRACKS, Math.max(FEWEST_TRACKS, Math.floor(room / TRACK_BYTES)));
  for (const path of paths) {
    const plan = await planFile(folder, path, settings);
    const file = { ...plan, done: plan.sections.map(({ done }) => done) };
    if (isComplete(file)) {
      told(await finishFile(file, options));
      continue;
    }
    open.set(plan.key, file);
    const left = plan.sections.flatMap(({ first, end, done }, index) =>
      done === undefined ? [{ first, end, index }] : [],
    );
    const { key, source, tracksPerRow } = plan;
    const task = { folder, path, key, settings, source, tracksPerRow, pieceTracks };
    if (plan.isSequential) yield { ...task, sections: left };
    else for (const section of left) yield { ...task, sections: [section] };
  }
}

const isComplete = ({ done }: OpenFile) => done.every((section) => section !== undefined);

/** Writes the list of a file; those of its sections, and what killed processes left of them, are not needed any more. */
async function finishFile(file: OpenFile, { folder, settings }: PrepareOptions): Promise<Prepared> {
  const { path, key, source } = file;
  const kept = file.sections.filter(({ done }) => done !== undefined).length;
  const prepared = { settings, source, sections: file.done as PreparedSection[] };
  await atomicWrite(join(folder, `${key}.json`), fileListText(prepared));
  await Promise.all(
    prepared.sections.map((_, index) => rm(join(folder, sectionList(key, index)), { force: true })),
  );
  await removeUnfinished(folder, (name) => name.includes(key));
  return { ...prepared, path, kept };
}

/**
 * Lists the shards of all files in one place, if all of them are prepared.
 * @returns how many files are not prepared yet
 * @throws UserError when a shard is gone, or a file was prepared in another way
 */
export async function mergeLists(
  folder: string,
  inputs: readonly SampleFile[],
  settings: ShardSettings,
): Promise<number> {
  const lists = await Promise.all(
    inputs.map(async ({ path, sample }) => {
      const list = await readFileList(join(folder, `${keyOf(path)}.json`));
      return list === undefined ? undefined : { ...list, sample };
    }),
  );
  const files = lists.filter((list) => list !== undefined);
  for (const file of files) {
    requireSameSettings(folder, file.settings, settings);
    const missing = await missingShard(
      folder,
      file.sections.flatMap(({ shards }) => shards),
    );
    if (missing === undefined) continue;
    throw new UserError(
      `${join(folder, missing)}: shard of ${file.source.path} is gone or cut; prepare that file again`,
    );
  }
  if (files.length === inputs.length)
    await atomicWrite(join(folder, MANIFEST), JSON.stringify({ settings, files }));
  return inputs.length - files.length;
}
