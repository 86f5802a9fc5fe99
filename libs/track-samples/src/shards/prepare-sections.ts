/** Sections of a file of tracks to shards on disk, in bounded memory. */
import { join } from 'node:path';
import { openColumns } from '@hep/datasets/columns';
import type { ColumnFile, RowRange } from '@hep/datasets/columns';
import { atomicWrite } from '@hep/files';
import { partOf } from '../balancing/split.ts';
import type { SplitPart } from '../balancing/split.ts';
import { branchesToRead } from '../tables/branches.ts';
import { flattenTracks } from '../tables/flatten.ts';
import { checkedColumns } from '../tables/track-columns.ts';
import type { CheckedColumns } from '../tables/track-columns.ts';
import type { PreparedSection, ShardSettings, ShardSource } from './manifest.ts';
import { allRows } from './put-tracks.ts';
import { sectionPieces } from './sections.ts';
import { ShardBuffers, ShardWriter } from './shard-writer.ts';

/** What a thread is told. */
export interface SectionTask {
  readonly folder: string;
  readonly path: string;
  /** Of the file in the names of its shards. */
  readonly key: string;
  readonly settings: ShardSettings;
  readonly source: ShardSource;
  /** Sections to prepare, each with its number. */
  readonly sections: readonly (RowRange & { readonly index: number })[];
  readonly tracksPerRow: number;
  /** Most tracks of a piece that is read at once. */
  readonly pieceTracks: number;
}

const PARTS: readonly SplitPart[] = ['train', 'validation', 'test'];

/** Name of the list of a section. */
export const sectionList = (key: string, index: number) => `${key}-${String(index).padStart(5, '0')}.json`;

/**
 * Writes the shards of each section and then its list, which says that it is done.
 * @param stop ends it between two pieces
 * @throws UserError for files that cannot be used or written
 */
export async function prepareSections(task: SectionTask, stop?: AbortSignal): Promise<PreparedSection[]> {
  const { folder, path, key, settings, source } = task;
  const file = await openColumns(path, { ...settings, inThisThread: true });
  try {
    const done: PreparedSection[] = [];
    for (const { index, ...range } of task.sections) {
      const section = { ...range, ...(await writeSection(file, task, index, range, stop)) };
      const list = join(folder, sectionList(key, index));
      await atomicWrite(list, JSON.stringify({ settings, source, ...section }));
      done.push(section);
    }
    return done;
  } finally {
    await file.close();
  }
}

async function writeSection(
  file: ColumnFile,
  task: SectionTask,
  index: number,
  rows: RowRange,
  stop?: AbortSignal,
) {
  const { folder, path, key, settings, tracksPerRow, pieceTracks } = task;
  const { shardRows, splitSeed: seed, features, select } = settings;
  const buffers = new ShardBuffers(shardRows, features.length);
  const place = { folder, key, section: index, shardRows, seed, features };
  const writers = PARTS.map((part) => new ShardWriter({ ...place, part }, buffers));
  const names = branchesToRead(path, [...file.types.keys()], features, select);
  let [tracks, dropped] = [0, 0];
  for await (const piece of sectionPieces(file, names, rows, tracksPerRow, pieceTracks)) {
    stop?.throwIfAborted();
    const checked = checkedColumns(flattenTracks(path, piece.range.first, piece.table), settings);
    tracks += checked.good?.length ?? checked.tracks.rows;
    dropped += checked.dropped;
    const ofParts = rowsOfParts(checked, settings);
    for (const [i, writer] of writers.entries()) await writer.take(checked.tracks, ofParts[i]);
    piece.table.release?.();
  }
  for (const writer of writers) await writer.flush();
  await buffers.written();
  return { tracks, dropped, shards: writers.flatMap(({ shards }) => shards) };
}

/** Rows of each part that can be used, rising. */
function rowsOfParts({ tracks, good }: CheckedColumns, settings: ShardSettings): Int32Array[] {
  const rows = good ?? allRows(tracks.rows);
  const parts = new Uint8Array(rows.length);
  putParts(tracks.groups, rows, settings, parts);
  return PARTS.map((_, part) => rowsOfPart(rows, parts, part));
}

/** Numbers of the parts in `PARTS`; neighbours are mostly of one group. */
function putParts(groups: Uint32Array, rows: Int32Array, settings: ShardSettings, parts: Uint8Array): void {
  const { splitSeed, validationFraction, testFraction } = settings;
  const fractions = { validation: validationFraction, test: testFraction };
  for (let i = 0; i < rows.length; i++) {
    const isLikeBefore = i > 0 && groups[rows[i]] === groups[rows[i - 1]];
    parts[i] = isLikeBefore ? parts[i - 1] : PARTS.indexOf(partOf(groups[rows[i]], splitSeed, fractions));
  }
}

function rowsOfPart(rows: Int32Array, parts: Uint8Array, part: number): Int32Array {
  const own = new Int32Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) if (parts[i] === part) own[count++] = rows[i];
  return own.subarray(0, count);
}
