/** Super cells of the telescope loss: every group of four adjacent trigger cells that it sums. */
import { TRIGGER_CELLS } from './trigger-cells.ts';
import type { TriggerCellIndex } from './trigger-cells.ts';

/** Four adjacent trigger cells and their weight in the telescope loss. */
export interface SuperCell {
  readonly cells: readonly [TriggerCellIndex, TriggerCellIndex, TriggerCellIndex, TriggerCellIndex];
  readonly weight: number;
}

/**
 * `derived`: a quarter of the sum over the four cells of 1 / (number of super cells that hold the cell), so that every
 * cell counts once; they sum to 12. `reference`: the numbers in the Ecoder study's code (telescope.py), where six
 * super cells carry 1/12 or 1/6 outside the quarter; they sum to 12.5625.
 */
export type TelescopeWeights = 'reference' | 'derived';

const inSector0 = [
  [0, 1, 4, 5],
  [2, 3, 6, 7],
  [8, 9, 12, 13],
  [10, 11, 14, 15],
];
const acrossColumns = [
  [4, 5, 8, 9],
  [6, 7, 10, 11],
];
const acrossRows = [
  [1, 2, 5, 6],
  [9, 10, 13, 14],
];
const centre = [[5, 6, 9, 10]];
const acrossSectors = [
  [0, 1, 27, 31],
  [1, 2, 23, 27],
  [2, 3, 19, 23],
  [3, 7, 34, 35],
  [7, 11, 33, 34],
  [11, 15, 32, 33],
  [16, 17, 47, 43],
  [17, 18, 43, 39],
  [18, 19, 39, 35],
];
const inEverySector = (groups: number[][]) =>
  [0, 16, 32].flatMap((first) => groups.map((group) => group.map((cell) => first + cell)));

const groups = [
  ...[inSector0, acrossColumns, acrossRows, centre].flatMap(inEverySector),
  ...acrossSectors,
] as unknown as readonly SuperCell['cells'][];

/** Where the reference adds a term outside the quarter: 0.25 * 1 + term. */
const referenceTerm = new Map([
  ...[1, 5, 9].map((k) => [k, 1 / 12] as const),
  ...[29, 30, 35].map((k) => [k, 1 / 6] as const),
]);

/** The 36 super cells of the telescope loss; the first 12 tile the module. */
export function superCells(weights: TelescopeWeights = 'reference'): SuperCell[] {
  const membership = Array.from(
    { length: TRIGGER_CELLS },
    (_, cell) => groups.filter((cells) => (cells as readonly number[]).includes(cell)).length,
  );
  return groups.map((cells, k) => {
    const term = weights === 'reference' ? referenceTerm.get(k) : undefined;
    const derived = 0.25 * cells.reduce((sum, cell) => sum + 1 / membership[cell], 0);
    return { cells, weight: term === undefined ? derived : 0.25 + term };
  });
}
