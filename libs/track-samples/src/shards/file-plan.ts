/** What is to do for an input file, and what of it was done before. */
import { createHash } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { openColumns } from '@hep/datasets/columns';
import type { RowRange } from '@hep/datasets/columns';
import { UserError } from '@hep/options/user-error';
import { featureDifference } from '@hep/track-dnn/variables';
import { branchesToRead } from '../tables/branches.ts';
import { readFileList, readSectionList } from './manifest.ts';
import type { PreparedSection, ShardSettings, ShardSource } from './manifest.ts';
import { sectionList } from './prepare-sections.ts';
import { planSections } from './sections.ts';

/** Sections of a file; those that are done are there with their shards. */
export interface FilePlan {
  readonly path: string;
  readonly key: string;
  readonly source: ShardSource;
  readonly sections: readonly (RowRange & { readonly done?: PreparedSection })[];
  /** See `SectionPlan`. */
  readonly isSequential: boolean;
  readonly tracksPerRow: number;
}

/** Name of the files that are made of an input file. */
export const keyOf = (path: string) => createHash('sha256').update(resolve(path)).digest('hex').slice(0, 12);

/**
 * Looks what an input file has and what of it is in the folder. What was made of an earlier content of the file is removed.
 * @throws UserError for a file that cannot be used, and for a folder that was prepared in another way
 */
export async function planFile(folder: string, path: string, settings: ShardSettings): Promise<FilePlan> {
  const source = await sourceOf(path);
  const key = keyOf(path);
  const list = await readFileList(join(folder, `${key}.json`));
  if (list !== undefined) requireSameSettings(folder, list.settings, settings);
  if (list !== undefined && isSame(list.source, source)) {
    const sections = await Promise.all(list.sections.map((section) => ifWhole(folder, section, section)));
    const isDone = sections.every(({ done }) => done !== undefined);
    const way = isDone ? { isSequential: false, tracksPerRow: 1 } : await lookAt(path, settings);
    return { path, key, source, ...way, sections };
  }
  const { sections, ...way } = await lookAt(path, settings);
  const known = await Promise.all(
    sections.map((range, index) => withEarlier(folder, key, source, settings, range, index)),
  );
  if (known.every(({ done }) => done === undefined)) await removeAll(folder, key);
  return { path, key, source, sections: known, ...way };
}

async function sourceOf(path: string): Promise<ShardSource> {
  const { size, mtimeMs } = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${path}: cannot be read (${error.code})`);
  });
  return { path: resolve(path), bytes: size, modified: mtimeMs };
}

const isSame = (earlier: ShardSource, now: ShardSource) =>
  earlier.bytes === now.bytes && earlier.modified === now.modified;

async function lookAt(path: string, settings: ShardSettings) {
  const file = await openColumns(path, { ...settings, inThisThread: true });
  try {
    branchesToRead(path, [...file.types.keys()], settings.features, settings.select);
    return await planSections(file, settings.shardRows);
  } finally {
    await file.close();
  }
}

async function withEarlier(
  folder: string,
  key: string,
  source: ShardSource,
  settings: ShardSettings,
  range: RowRange,
  index: number,
): Promise<FilePlan['sections'][number]> {
  const list = await readSectionList(join(folder, sectionList(key, index)));
  if (list === undefined || !isSame(list.source, source)) return range;
  requireSameSettings(folder, list.settings, settings);
  const { first, end, tracks, dropped, shards } = list;
  if (first !== range.first || end !== range.end) return range;
  return ifWhole(folder, range, { first, end, tracks, dropped, shards });
}

/** The range as done, when all shards of it are there with the size that they were written with. */
async function ifWhole(
  folder: string,
  { first, end }: RowRange,
  done: PreparedSection,
): Promise<FilePlan['sections'][number]> {
  return (await missingShard(folder, done.shards)) === undefined ? { first, end, done } : { first, end };
}

/** The first shard that is not there, or has another size. */
export async function missingShard(
  folder: string,
  shards: PreparedSection['shards'],
): Promise<string | undefined> {
  const sizes = await Promise.all(
    shards.map(({ file }) =>
      stat(join(folder, file)).then(
        ({ size }) => size,
        () => -1,
      ),
    ),
  );
  return shards.find(({ bytes }, i) => sizes[i] !== bytes)?.file;
}

async function removeAll(folder: string, key: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const own = names.filter((name) => new RegExp(`(^|-)${key}[-.]`).test(name));
  await Promise.all(own.map((name) => rm(join(folder, name), { force: true })));
}

/** Options of the command line that the settings are. */
const OPTION_OF: Readonly<Record<Exclude<keyof ShardSettings, 'features'>, string>> = {
  shardRows: '--shard-tracks',
  splitSeed: '--split-seed',
  validationFraction: '--validation-fraction',
  testFraction: '--test-fraction',
  dropInvalid: '--drop-invalid',
  tree: '--tree',
  select: '--select',
};

/** @throws UserError that names the first setting that differs */
export function requireSameSettings(folder: string, earlier: ShardSettings, now: ShardSettings): void {
  const difference = featureDifference(earlier.features, now.features);
  if (difference !== null) {
    throw new UserError(
      `${folder}: prepared earlier, ${difference} by --features; give the same list, or another folder`,
    );
  }
  for (const key of Object.keys(OPTION_OF) as (keyof typeof OPTION_OF)[]) {
    if (earlier[key] === now[key]) continue;
    const [before, wanted] = [earlier[key], now[key]].map((value) => value ?? 'none');
    throw new UserError(
      `${folder}: prepared with ${OPTION_OF[key]} ${before}, now ${wanted}; give the same options, or another folder`,
    );
  }
}
