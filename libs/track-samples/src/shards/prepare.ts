/** From files of tracks to shards on disk, one file after the other, in bounded memory. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { atomicWrite, makeFolder, storageError } from '@hep/files';
import { UserError } from '@hep/options';
import { featureDifference } from '@hep/track-dnn';
import { partOf } from '../balancing/split.ts';
import type { SplitPart } from '../balancing/split.ts';
import { streamTracks } from '../tables/read-tracks.ts';
import { MANIFEST, readFileList } from './manifest.ts';
import type { PreparedFile, ShardSettings } from './manifest.ts';
import { ShardWriter } from './shard-writer.ts';

/** What preparing one file gave. */
export interface Prepared extends PreparedFile {
  /** Whether it was prepared before and stayed as it is. */
  readonly isKept: boolean;
}

const PARTS: readonly SplitPart[] = ['train', 'validation', 'test'];

/**
 * Writes the shards of one file and then its list; a file whose list is there and fits is kept. Files are independent
 * of each other, so that several processes may prepare theirs into one folder.
 * @throws UserError for files that cannot be used, and for a folder that was prepared in another way
 */
export async function prepareFile(folder: string, path: string, settings: ShardSettings): Promise<Prepared> {
  const { size, mtimeMs } = await stat(path);
  const source = { path: resolve(path), bytes: size, modified: mtimeMs };
  const key = keyOf(path);
  const list = join(folder, `${key}.json`);
  const earlier = await readFileList(list);
  if (earlier !== undefined) {
    requireSameSettings(folder, earlier.settings, settings);
    if (earlier.source.bytes === size && earlier.source.modified === mtimeMs)
      return { ...earlier, isKept: true };
  }
  try {
    await makeFolder(folder);
    const prepared = { settings, source, ...(await writeShards(folder, path, key, settings)) };
    await atomicWrite(list, JSON.stringify(prepared));
    return { ...prepared, isKept: false };
  } catch (error) {
    throw storageError(error, folder);
  }
}

/** Name of the files that are made of an input file. */
const keyOf = (path: string) => createHash('sha256').update(resolve(path)).digest('hex').slice(0, 12);

async function writeShards(folder: string, path: string, key: string, settings: ShardSettings) {
  const { splitSeed, validationFraction, testFraction } = settings;
  const fractions = { validation: validationFraction, test: testFraction };
  const writers = PARTS.map((part) => new ShardWriter(folder, part, key, settings));
  let tracks = 0;
  let dropped = 0;
  for await (const piece of streamTracks(path, settings)) {
    tracks += piece.table.rows;
    dropped += piece.dropped;
    const parts = Array.from(piece.table.groups, (group) => partOf(group, splitSeed, fractions));
    for (let row = 0; row < parts.length; row++) {
      const writer = writers[PARTS.indexOf(parts[row])];
      if (writer.add(piece.table, row)) await writer.flush();
    }
  }
  for (const writer of writers) await writer.flush();
  return { tracks, dropped, shards: writers.flatMap(({ shards }) => shards) };
}

/**
 * Lists the shards of all files in one place, if all of them are prepared.
 * @returns how many files are not prepared yet
 */
export async function mergeLists(
  folder: string,
  paths: readonly string[],
  settings: ShardSettings,
): Promise<number> {
  const lists = await Promise.all(paths.map((path) => readFileList(join(folder, `${keyOf(path)}.json`))));
  const files = lists.filter((list) => list !== undefined);
  files.forEach((file) => requireSameSettings(folder, file.settings, settings));
  if (files.length === paths.length)
    await atomicWrite(join(folder, MANIFEST), JSON.stringify({ settings, files }));
  return paths.length - files.length;
}

function requireSameSettings(folder: string, earlier: ShardSettings, now: ShardSettings): void {
  const difference = featureDifference(earlier.features, now.features);
  if (difference !== null) {
    throw new UserError(
      `${folder}: prepared earlier, ${difference} by --features; give the same list, or another folder`,
    );
  }
  for (const key of Object.keys({ ...earlier, ...now }) as (keyof ShardSettings)[]) {
    if (key === 'features' || earlier[key] === now[key]) continue;
    throw new UserError(
      `${folder}: prepared with ${key} ${earlier[key]}, now ${now[key]}; give the same options, or another folder`,
    );
  }
}
