/** The order in which an epoch goes through shards. */
import { createGenerator } from '@hep/datasets/random';

/** Rows [first, end) of a shard. */
export interface ShardPiece {
  readonly shard: number;
  readonly first: number;
  readonly end: number;
}

/**
 * The pieces of shards that make the rows [first, end) of an epoch, when it goes through the shards in the order of
 * (seed, epoch).
 * @param rowsOf rows of each shard
 */
export function shuffledPieces(
  rowsOf: readonly number[],
  seed: number,
  epoch: number,
  { first, end }: { readonly first: number; readonly end: number },
): ShardPiece[] {
  const pieces: ShardPiece[] = [];
  let start = 0;
  for (const shard of createGenerator(seed, epoch).permutation(rowsOf.length)) {
    const [from, to] = [Math.max(first - start, 0), Math.min(end - start, rowsOf[shard])];
    if (from < to) pieces.push({ shard, first: from, end: to });
    start += rowsOf[shard];
    if (start >= end) break;
  }
  return pieces;
}
