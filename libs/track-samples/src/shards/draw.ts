/** Which tracks of shards take part, with exact counts, before any of them is read. */
import { drawnFromEach, drawnRows, readShard } from '@hep/column-shards';
import { createGenerator } from '@hep/datasets';
import { UserError } from '@hep/options';
import { PHASE1_ITERATIONS } from '@hep/track-dnn';
import type { FeatureRanges } from '@hep/track-dnn';
import type { AbsentIterations } from '../balancing/balance.ts';
import { requirePresent } from '../balancing/balance.ts';
import type { SplitPart } from '../balancing/split.ts';
import type { TrackTable } from '../tables/track-table.ts';
import { selectTracks } from '../tables/track-table.ts';
import type { TrackShard, TrackShards } from './manifest.ts';

/** What is drawn. */
export interface DrawOptions {
  readonly part: SplitPart;
  /** As many tracks of each iteration. */
  readonly balanceIterations: boolean;
  readonly absentIterations: AbsentIterations;
  /** Most tracks in all; default: as many as there are. */
  readonly most?: number;
  readonly seed: number;
}

/** Tracks drawn from shards without replacement. */
export interface TrackDraw {
  readonly rows: number;
  /** Shards with tracks of the draw. */
  readonly shards: readonly DrawnShard[];
  readonly seed: number;
}

/** Tracks drawn from one shard. */
export interface DrawnShard {
  readonly shard: TrackShard;
  readonly rows: number;
  /** By iteration. */
  readonly wanted: ReadonlyMap<number, number>;
}

/**
 * Plans a draw; it follows from lists and seed alone.
 * @throws UserError for a part without tracks, of one class only, or without an iteration
 */
export function planDraw({ folder, shards }: TrackShards, options: DrawOptions): TrackDraw {
  const own = shards.filter(({ part }) => part === options.part);
  requireTrueAndFake(folder, own, options.part);
  const present = PHASE1_ITERATIONS.map(({ name, code }) => ({
    code,
    name,
    sizes: own.map((shard) => tracksOf(shard, code)),
  }));
  const totals = present.map(({ sizes }) => sizes.reduce((sum, size) => sum + size, 0));
  const wanted = wantedOf(
    present.map(({ name }) => name),
    totals,
    options,
  );
  const generator = createGenerator(options.seed);
  const drawn = present.map(({ sizes }, i) => drawnFromEach(sizes, wanted[i], generator));
  const planned = own.map((shard, i): DrawnShard => {
    const counts = present.map(({ code }, iteration) => [code, drawn[iteration][i]] as const);
    return { shard, rows: counts.reduce((sum, [, count]) => sum + count, 0), wanted: new Map(counts) };
  });
  const rows = planned.reduce((sum, shard) => sum + shard.rows, 0);
  return { rows, shards: planned.filter((shard) => shard.rows > 0), seed: options.seed };
}

/** Tracks to draw of each iteration. */
function wantedOf(
  names: readonly string[],
  totals: readonly number[],
  { balanceIterations, absentIterations, most = Infinity, seed }: DrawOptions,
): number[] {
  const all = totals.reduce((sum, total) => sum + total, 0);
  if (!balanceIterations)
    return all <= most ? [...totals] : drawnFromEach(totals, most, createGenerator(seed, 1));
  requirePresent(names, totals, absentIterations);
  const found = totals.filter((total) => total > 0);
  const each = Math.min(...found, Math.floor(most / found.length));
  return totals.map((total) => (total > 0 ? each : 0));
}

function requireTrueAndFake(folder: string, shards: readonly TrackShard[], part: SplitPart): void {
  const sum = (kind: 1 | 2) =>
    shards.reduce((all, { counts }) => all + counts.reduce((own, count) => own + count[kind], 0), 0);
  const [fakes, trueTracks] = [sum(1), sum(2)];
  if (fakes > 0 && trueTracks > 0) return;
  throw new UserError(
    `${folder}: ${part} has ${trueTracks} true tracks and ${fakes} fakes, expected both; prepare more files`,
  );
}

const tracksOf = ({ counts }: TrackShard, code: number) =>
  counts.reduce((sum, [own, fakes, trueTracks]) => (own === code ? sum + fakes + trueTracks : sum), 0);

/** The drawn tracks of a shard, in its order. @throws UserError when the shard is missing, cut or damaged */
export async function readDrawn(
  { folder }: Pick<TrackShards, 'folder'>,
  { seed }: Pick<TrackDraw, 'seed'>,
  { shard, rows: count, wanted }: DrawnShard,
): Promise<TrackTable> {
  const { rows, columns } = await readShard(folder, shard);
  const bytes = (name: string) => columns[name].values as Uint8Array;
  const { width, values: features } = columns['features'];
  const table: TrackTable = {
    rows,
    width,
    features: features as Float32Array,
    pt: columns['pt'].values as Float32Array,
    iterations: bytes('iterations'),
    isTrue: bytes('isTrue'),
    treeScores: (columns['treeScores']?.values as Float32Array | undefined) ?? null,
    groups: new Uint32Array(rows),
  };
  if (count === rows) return table;
  return selectTracks(table, drawnRows(table.iterations, wanted, createGenerator(seed, shard.checksum + 1)));
}

/** Ranges of the features over all tracks of a part. */
export function rangesOfPart({ shards }: TrackShards, part: SplitPart): FeatureRanges {
  const own = shards.filter((shard) => shard.part === part);
  const over = (pick: (...values: number[]) => number, of: 'minimum' | 'maximum') =>
    own[0][of].map((_, feature) =>
      own.reduce((end, shard) => pick(end, shard[of][feature]), own[0][of][feature]),
    );
  return { minimum: over(Math.min, 'minimum'), maximum: over(Math.max, 'maximum') };
}
