/** Draws without replacement, of exact size, from rows that are never in memory together. */
import type { Generator } from '@hep/datasets';

/**
 * How many of a draw fall into each of several piles: the counts that a uniform draw without replacement from all of
 * them would have (selection sampling: D. Knuth, The Art of Computer Programming, vol. 2, algorithm 3.4.2 S).
 * @param sizes of the piles
 * @param wanted at most as many as there are
 */
export function drawnFromEach(sizes: readonly number[], wanted: number, generator: Generator): number[] {
  let remaining = sizes.reduce((sum, size) => sum + size, 0);
  if (wanted > remaining) throw new RangeError(`${wanted} of ${remaining} rows wanted`);
  let needed = wanted;
  return sizes.map((size) => {
    let drawn = 0;
    if (needed === remaining) drawn = size;
    else for (let i = 0; i < size; i++) if (generator.uniform() * (remaining - i) < needed - drawn) drawn++;
    remaining -= size;
    needed -= drawn;
    return drawn;
  });
}

/**
 * Rows of a uniform draw without replacement, so many of each class, in rising order.
 * @param classes class of each row
 * @param wanted by class, at most as many as there are; other classes give no row
 */
export function drawnRows(
  classes: ArrayLike<number>,
  wanted: ReadonlyMap<number, number>,
  generator: Generator,
): Int32Array {
  const needed = new Map(wanted);
  const remaining = new Map<number, number>();
  for (let row = 0; row < classes.length; row++) {
    remaining.set(classes[row], (remaining.get(classes[row]) ?? 0) + 1);
  }
  const rows = new Int32Array([...wanted.values()].reduce((sum, count) => sum + count, 0));
  let end = 0;
  for (let row = 0; row < classes.length; row++) {
    const of = classes[row];
    const left = remaining.get(of)!;
    const open = needed.get(of) ?? 0;
    remaining.set(of, left - 1);
    if (open === 0 || (open < left && generator.uniform() * left >= open)) continue;
    needed.set(of, open - 1);
    rows[end++] = row;
  }
  if (end < rows.length) throw new RangeError(`${rows.length} rows wanted, ${end} there`);
  return rows;
}
