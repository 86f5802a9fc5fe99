/** The drawn tracks of a shard; of the others hardly anything is read. */
import { drawnStretch, readShard } from '@hep/column-shards';
import type { GroupRows } from '@hep/column-shards';
import { createGenerator } from '@hep/datasets/random';
import { MOMENTUM_BRANCH } from '../tables/branches.ts';
import { selectTracks } from '../tables/track-table.ts';
import type { TrackTable } from '../tables/track-table.ts';
import type { DrawnShard, TrackDraw } from './draw.ts';
import type { TrackShard, TrackShards } from './manifest.ts';

/**
 * The drawn tracks of a shard, fakes and true tracks of its iterations in turn.
 * @param withScores of the decision trees, where the shard has them
 * @throws UserError when the shard is missing, cut or damaged
 */
export async function readDrawn(
  { folder, settings }: Pick<TrackShards, 'folder' | 'settings'>,
  { seed }: Pick<TrackDraw, 'seed'>,
  { shard, wanted }: DrawnShard,
  withScores = true,
): Promise<TrackTable> {
  const sizes = shard.counts.flatMap(([, fakes, trueTracks]) => [fakes, trueTracks]);
  const generator = createGenerator(seed, shard.checksum);
  const stretches = sizes.map((size, group): GroupRows[] => {
    if (wanted[group] >= size && size > 0) return [{ group, first: 0, end: size }];
    return drawnStretch(group, size, wanted[group], generator);
  });
  const columns = ['features', 'pt', ...(withScores ? ['treeScores'] : [])];
  const read = await readShard(folder, shard, { columns, rows: stretches.flat() });
  const { width, values } = read.columns['features'];
  const features = values as Float32Array;
  const momentum = settings.features.findIndex(({ name }) => name === MOMENTUM_BRANCH);
  const table: TrackTable = {
    rows: read.rows,
    width,
    features,
    pt:
      (read.columns['pt']?.values as Float32Array | undefined) ??
      Float32Array.from({ length: read.rows }, (_, row) => features[row * width + momentum]),
    ...classesOf(shard, read.groups),
    treeScores: (read.columns['treeScores']?.values as Float32Array | undefined) ?? null,
    groups: new Uint32Array(read.rows),
  };
  const repeats = wanted.some((count, group) => count > sizes[group]);
  return repeats ? selectTracks(table, repeatedRows(read.groups, wanted, generator.integer)) : table;
}

/** Iteration and truth follow from the groups. */
function classesOf({ counts }: TrackShard, groups: readonly number[]) {
  const rows = groups.reduce((sum, count) => sum + count, 0);
  const iterations = new Uint8Array(rows);
  const isTrue = new Uint8Array(rows);
  let row = 0;
  groups.forEach((count, group) => {
    iterations.fill(counts[group >> 1][0], row, row + count);
    isTrue.fill(group & 1, row, row + count);
    row += count;
  });
  return { iterations, isTrue };
}

/** Rows of each group in turn as often as it goes, the rest from a random row of the group on. */
function repeatedRows(
  groups: readonly number[],
  wanted: readonly number[],
  randomInteger: (n: number) => number,
): Int32Array {
  const rows = new Int32Array(wanted.reduce((sum, count) => sum + count, 0));
  let [end, start] = [0, 0];
  groups.forEach((size, group) => {
    const first = randomInteger(Math.max(1, size));
    for (let i = 0; i < wanted[group]; i++) rows[end++] = start + ((first + i) % size);
    start += size;
  });
  return rows;
}
