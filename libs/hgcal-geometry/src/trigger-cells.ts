/** The 48 trigger cells of a low-density HGCAL module: numbering, centres, distances. */

/** Trigger cells per module. */
export const TRIGGER_CELLS = 48;
/** Trigger cells per sector; a module has three sectors, cells 0-15, 16-31 and 32-47. */
export const CELLS_PER_SECTOR = 16;

declare const triggerCellBrand: unique symbol;
/** Number of a trigger cell, 0..47, in the order of the CALQ columns. */
export type TriggerCellIndex = number & { readonly [triggerCellBrand]: true };

/**
 * Checked conversion of a number to a trigger cell.
 * @throws RangeError unless it is an integer 0..47
 */
export function triggerCell(index: number): TriggerCellIndex {
  if (!Number.isInteger(index) || index < 0 || index >= TRIGGER_CELLS) {
    throw new RangeError(`trigger cell ${index}: expected an integer from 0 to ${TRIGGER_CELLS - 1}`);
  }
  return index as TriggerCellIndex;
}

/** Every trigger cell in order. */
export const triggerCells: readonly TriggerCellIndex[] = Array.from({ length: TRIGGER_CELLS }, (_, i) =>
  triggerCell(i),
);

/** Units of length: `cells` (one small sensor cell; neighbouring trigger cells are 2 apart) or `cm`. */
export type LengthUnit = 'cells' | 'cm';

/** Size of one small sensor cell: half the distance of trigger cells 0 and 1. */
export const SENSOR_CELL_CM = 0.5 * 2.4168015;

/** Centres [x, y] in cm as tabulated by the Ecoder study (utils/metrics.py, hexCoords), its rounding included. */
const centresCm: readonly (readonly [number, number])[] = [
  [0, 0],
  [0, -2.4168015],
  [0, -4.833603],
  [0, -7.2504044],
  [2.09301, -1.2083969],
  [2.09301, -3.6251984],
  [2.09301, -6.042],
  [2.09301, -8.458794],
  [4.18602, -2.4168015],
  [4.18602, -4.833603],
  [4.18602, -7.2504044],
  [4.18602, -9.667198],
  [6.27903, -3.6251984],
  [6.27903, -6.042],
  [6.27903, -8.458794],
  [6.27903, -10.875603],
  [-8.37204, -10.271393],
  [-6.27903, -9.063004],
  [-4.18602, -7.854599],
  [-2.0930138, -6.6461945],
  [-8.37204, -7.854599],
  [-6.27903, -6.6461945],
  [-4.18602, -5.4377975],
  [-2.0930138, -4.229393],
  [-8.37204, -5.4377975],
  [-6.27903, -4.229393],
  [-4.18602, -3.020996],
  [-2.0930138, -1.8125992],
  [-8.37204, -3.020996],
  [-6.27903, -1.8125992],
  [-4.18602, -0.6042023],
  [-2.0930138, 0.6042023],
  [4.7092705, -12.386101],
  [2.6162605, -11.177696],
  [0.5232506, -9.969299],
  [-1.5697594, -8.760895],
  [2.6162605, -13.594498],
  [0.5232506, -12.386101],
  [-1.5697594, -11.177696],
  [-3.6627693, -9.969299],
  [0.5232506, -14.802895],
  [-1.5697594, -13.594498],
  [-3.6627693, -12.386101],
  [-5.7557793, -11.177696],
  [-1.5697594, -16.0113],
  [-3.6627693, -14.802895],
  [-5.7557793, -13.594498],
  [-7.848793, -12.386101],
];

/** Centres of the trigger cells, [48, 2] (x, y). */
export function triggerCellCentres(unit: LengthUnit = 'cells'): Float64Array {
  const size = unit === 'cm' ? 1 : SENSOR_CELL_CM;
  return Float64Array.from(centresCm.flat(), (coordinate) => coordinate / size);
}

/**
 * Euclidean distances of the trigger cell centres, [48, 48]. In `cells` this is the metric of the exact earth mover's
 * distance; the Sinkhorn loss of the Ecoder study uses `cm`.
 */
export function triggerCellDistances(unit: LengthUnit = 'cells'): Float64Array {
  const centres = triggerCellCentres(unit);
  return Float64Array.from({ length: TRIGGER_CELLS * TRIGGER_CELLS }, (_, pair) => {
    const a = 2 * Math.floor(pair / TRIGGER_CELLS);
    const b = 2 * (pair % TRIGGER_CELLS);
    return Math.hypot(centres[a] - centres[b], centres[a + 1] - centres[b + 1]);
  });
}

/** Population standard deviations of the 48 centres, in sensor cells: the length scale of the wafer metrics. */
export function triggerCellSpread(): { readonly sigmaX: number; readonly sigmaY: number } {
  const centres = triggerCellCentres();
  return {
    sigmaX: spread(centres.filter((_, i) => i % 2 === 0)),
    sigmaY: spread(centres.filter((_, i) => i % 2 === 1)),
  };
}

function spread(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
