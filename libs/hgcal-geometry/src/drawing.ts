/** Outlines of the trigger cells for drawing a module. */
import { CELLS_PER_SECTOR, TRIGGER_CELLS, triggerCellCentres } from './trigger-cells.ts';

/** Range of the drawing's axes, in the unit of the outlines. */
export const drawingRange = { x: [-3, 17], y: [-2, 18] } as const;

/** Per sector: shift of the centres and corners about them (Ecoder study, utils/wafer.py, fitted to 2e-5). */
const sectors = [
  { shift: [8.322042, 16.015775], corners: rhombus([-1.01488, 1.75783], [-1.01488, -0.58594]) },
  { shift: [8.322046, 15.415174], corners: rhombus([-1.01488, -1.75783], [-1.01488, 0.58594]) },
  { shift: [8.842164, 15.725669], corners: rhombus([-2.02977, 0], [0, 1.17189]) },
] as const;
const CENTRE_SCALE = 0.994028;

function rhombus(corner: readonly [number, number], next: readonly [number, number]) {
  return [corner, next, [-corner[0], -corner[1]], [-next[0], -next[1]]] as const;
}

/** Corners of every trigger cell in drawing order, [48, 4, 2] (x, y). */
export function triggerCellOutlines(): Float64Array {
  const centres = triggerCellCentres('cm');
  const outlines: number[] = [];
  for (let cell = 0; cell < TRIGGER_CELLS; cell++) {
    const { shift, corners } = sectors[Math.floor(cell / CELLS_PER_SECTOR)];
    const x = CENTRE_SCALE * centres[2 * cell] + shift[0];
    const y = CENTRE_SCALE * centres[2 * cell + 1] + shift[1];
    for (const corner of corners) outlines.push(x + corner[0], y + corner[1]);
  }
  return Float64Array.from(outlines);
}
