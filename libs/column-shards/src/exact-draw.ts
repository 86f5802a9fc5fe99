/** Draws of exact size from rows that are never in memory together. */
import type { Generator } from '@hep/datasets/random';
import { hypergeometric } from './hypergeometric.ts';
import { BLOCK_ROWS } from './shard-table.ts';
import type { GroupRows } from './shard-table.ts';

/**
 * How many of a draw fall into each of several piles: the counts that a uniform draw from all of them has. Up to as many as
 * there are, nothing is drawn twice; of more, everything is taken as often as it goes and the rest is drawn.
 * @param sizes of the piles
 * @throws RangeError when something is wanted of nothing
 */
export function drawnFromEach(sizes: readonly number[], wanted: number, generator: Generator): number[] {
  const all = sizes.reduce((sum, size) => sum + size, 0);
  if (all === 0 && wanted > 0) throw new RangeError(`${wanted} of 0 rows wanted`);
  const times = all === 0 ? 0 : Math.floor(wanted / all);
  let remaining = all;
  let needed = wanted - times * all;
  return sizes.map((size) => {
    const drawn = hypergeometric(remaining, size, needed, generator);
    remaining -= size;
    needed -= drawn;
    return times * size + drawn;
  });
}

/**
 * Rows of a group of a shard that are a uniform draw of it, when the rows of the group lie in random order: a stretch from a
 * random block on that goes on at the start of the group, so that hardly anything is read that is not drawn.
 * @param rows of the group
 * @param wanted at most as many
 */
export function drawnStretch(group: number, rows: number, wanted: number, generator: Generator): GroupRows[] {
  if (wanted > rows) throw new RangeError(`${wanted} of ${rows} rows wanted`);
  if (wanted === 0) return [];
  if (wanted === rows) return [{ group, first: 0, end: rows }];
  const first = BLOCK_ROWS * generator.integer(Math.ceil(rows / BLOCK_ROWS));
  const beyond = first + wanted - rows;
  if (beyond <= 0) return [{ group, first, end: first + wanted }];
  return [
    { group, first: 0, end: beyond },
    { group, first, end: rows },
  ];
}
