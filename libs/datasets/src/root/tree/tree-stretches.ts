import type { RowRange } from '../../columns/column.ts';
import type { Branch } from './branch.ts';
import { Damage } from '../../damage.ts';

/**
 * Stretches of entries that a tree stores together: between entries at which all branches begin a basket. Branches with
 * a single basket do not count, since theirs are small. Undefined where the baskets do not line up, and for a damaged
 * list of baskets, which reading tells.
 */
export function treeStretches(branches: readonly Branch[], rows: number): RowRange[] | undefined {
  try {
    const starts = commonStarts(branches).filter((start) => start < rows);
    if (starts.length < 2) return undefined;
    return starts.map((first, index) => ({ first, end: starts[index + 1] ?? rows }));
  } catch (error) {
    if (error instanceof Damage) return undefined;
    throw error;
  }
}

function commonStarts(branches: readonly Branch[]): number[] {
  let common: number[] | undefined;
  for (const branch of branches) {
    const baskets = branch.baskets();
    if (baskets.length < 2) continue;
    const starts = new Set(baskets.map(({ first }) => first));
    common = common === undefined ? [...starts] : common.filter((start) => starts.has(start));
  }
  return common ?? [];
}
