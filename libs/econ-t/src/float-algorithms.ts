/**
 * The conventional algorithms without number formats, as the Ecoder study compares them (train.py): what is left when
 * charges are sent as they are. Charges by trigger cell, [modules, 48]; results are new arrays.
 */
import { CHANNELS, crossingsOf } from './channels.ts';

/** Keeps charges above a threshold, in the unit of the charges. */
export function cellsAbove(charges: Float32Array | Float64Array, threshold: number): Float64Array {
  crossingsOf(charges, CHANNELS, 'charges');
  return Float64Array.from(charges, (charge) => (charge > threshold ? charge : 0));
}

/** Keeps the `count` largest charges of each module; of equal ones those of higher cells. */
export function largestCells(charges: Float32Array | Float64Array, count: number): Float64Array {
  const modules = crossingsOf(charges, CHANNELS, 'charges');
  const kept = new Float64Array(charges.length);
  for (let module = 0; module < modules; module++) {
    const start = module * CHANNELS;
    const cells = Array.from({ length: CHANNELS }, (_, cell) => start + cell);
    cells.sort((a, b) => charges[b] - charges[a] || b - a);
    for (const cell of cells.slice(0, count)) kept[cell] = charges[cell];
  }
  return kept;
}

/** Trigger cells of each super cell of 4: two by two within a sector of 16. */
const cellsOfFour: readonly (readonly number[])[] = [0, 16, 32].flatMap((sector) =>
  [0, 2, 8, 10].map((first) => [0, 1, 4, 5].map((offset) => sector + first + offset)),
);
/** Trigger cells of each super cell of 16: a sector. */
const cellsOfSixteen: readonly (readonly number[])[] = [0, 16, 32].map((first) =>
  Array.from({ length: 16 }, (_, cell) => first + cell),
);

/** Sums of super cells of 4 or 16 cells, on the cell with the largest charge (the first of equals), or in equal parts. */
export function superCells(
  charges: Float32Array | Float64Array,
  size: 4 | 16,
  spread: 'largest' | 'equal',
): Float64Array {
  const modules = crossingsOf(charges, CHANNELS, 'charges');
  const groups = size === 4 ? cellsOfFour : cellsOfSixteen;
  const result = new Float64Array(charges.length);
  for (let start = 0; start < modules * CHANNELS; start += CHANNELS) {
    for (const cells of groups) {
      let sum = 0;
      let largest = cells[0];
      for (const cell of cells) {
        sum += charges[start + cell];
        if (charges[start + cell] > charges[start + largest]) largest = cell;
      }
      if (spread === 'largest') result[start + largest] = sum;
      else for (const cell of cells) result[start + cell] = sum / size;
    }
  }
  return result;
}
