/** Trigger cells by their position (u, v) on the module, and in the order of the newer CALQ files. */
import { arrangements } from './arrangements.ts';
import { CELLS_PER_SECTOR, triggerCells } from './trigger-cells.ts';
import type { TriggerCellIndex } from './trigger-cells.ts';

/** Position of a trigger cell in the hexagonal coordinates of CMSSW (columns tc_cellu, tc_cellv), each 0..7. */
export interface CellPosition {
  readonly u: number;
  readonly v: number;
}

/** Position (u, v) of a trigger cell (TrainingData/tcRemap.csv of the Ecoder study, as a formula). */
export function cellPosition(cell: TriggerCellIndex): CellPosition {
  const column = Math.floor((cell % CELLS_PER_SECTOR) / 4);
  const row = cell % 4;
  if (cell < CELLS_PER_SECTOR) return { u: 7 - row, v: 4 + column };
  if (cell < 2 * CELLS_PER_SECTOR) return { u: 1 + column + row, v: row };
  return { u: 3 - column, v: 6 - column - row };
}

/** Trigger cell at (u, v); undefined where the module has none. */
export function triggerCellAt(u: number, v: number): TriggerCellIndex | undefined {
  return triggerCells.find((cell) => {
    const position = cellPosition(cell);
    return position.u === u && position.v === v;
  });
}

/**
 * Trigger cell of each column of a CALQ file in autoencoder-block order (tc_cell_AEblock): raster order of the visible
 * pixels of the 8x8 arrangement, [48].
 */
export function autoencoderBlockOrder(): TriggerCellIndex[] {
  const { cells, visible } = arrangements['8x8'];
  return cells.filter((_, pixel) => visible[pixel]);
}
