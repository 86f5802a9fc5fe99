/** Tracks of shards as piles: as many as there are of one iteration and truth in one shard. */
import { drawnFromEach } from '@hep/column-shards';
import type { Generator } from '@hep/datasets/random';
import type { TrackShard } from './manifest.ts';

/** A pile, and how many of it are drawn so far. */
export interface Pile {
  readonly shard: TrackShard;
  /** Group of the shard. */
  readonly group: number;
  readonly code: number;
  readonly isTrue: boolean;
  count: number;
}

/** Piles of the shards with all their tracks, shard by shard. */
export function pilesOf(shards: readonly TrackShard[]): Pile[] {
  return shards.flatMap((shard) =>
    shard.counts.flatMap(([code, fakes, trueTracks], i): Pile[] => [
      { shard, code, group: 2 * i, isTrue: false, count: fakes },
      { shard, code, group: 2 * i + 1, isTrue: true, count: trueTracks },
    ]),
  );
}

/** Draws so many tracks from piles; of more than there are, all are taken as often as it goes. */
export function redraw(piles: readonly Pile[], wanted: number, generator: Generator): void {
  const sizes = piles.map(({ count }) => count);
  drawnFromEach(sizes, wanted, generator).forEach((count, i) => (piles[i].count = count));
}

/** Tracks in piles. */
export const tracksIn = (piles: readonly Pile[]) => piles.reduce((sum, { count }) => sum + count, 0);
