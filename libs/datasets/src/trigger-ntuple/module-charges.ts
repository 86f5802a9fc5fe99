/** Sums over the trigger cells of each module. */
import { cellPosition, TRIGGER_CELLS, triggerCells } from '@hep/hgcal-geometry';
import { UserError } from '@hep/options/user-error';
import { transverseCharge } from './charge.ts';
import type { ModuleKeys } from './module-keys.ts';
import { placeOf } from './module-keys.ts';
import type { TriggerCells } from './trigger-cells.ts';

const SIDE = 8;
const LARGEST_DATA = 2 ** 31 - 1;
const CELLS_PER_WORD = 16;
const WORDS = TRIGGER_CELLS / CELLS_PER_WORD;

/** Number of the trigger cell at 8 u + v, -1 where there is none. */
const cellAt = new Int8Array(SIDE * SIDE).fill(-1);
for (const cell of triggerCells) {
  const { u, v } = cellPosition(cell);
  cellAt[SIDE * u + v] = cell;
}

/** What a module has beside its place; all [rows]. */
export interface ModuleSums {
  /** Charges by trigger cell, 0 for cells that the event has not got: 48 columns. */
  readonly charges: readonly Int32Array[];
  readonly total: Float64Array;
  readonly energy: Float64Array;
  /** Mean direction of the cells that the event has. */
  readonly eta: Float64Array;
  readonly phi: Float64Array;
}

/**
 * Charges of the modules, in CALQ counts or, with `isRaw`, as they are in the file.
 * @throws UserError with the entry for a cell that no module has, that comes twice or that has no charge or direction
 */
export function sumsOf(
  cells: TriggerCells,
  { rows, event, rowOfCell }: ModuleKeys,
  isRaw: boolean,
): ModuleSums {
  const charges = Array.from({ length: TRIGGER_CELLS }, () => new Int32Array(rows));
  const seen = new Uint16Array(rows * WORDS);
  const [total, energy, count] = [0, 0, 0].map(() => new Float64Array(rows));
  const [eta, cosine, sine] = [0, 0, 0].map(() => new Float64Array(rows));
  for (let i = 0; i < rowOfCell.length; i++) {
    const row = rowOfCell[i];
    if (row < 0) continue;
    const cell = checkedCell(cells, event[row], i);
    const word = row * WORDS + Math.floor(cell / CELLS_PER_WORD);
    const bit = 1 << (cell % CELLS_PER_WORD);
    if ((seen[word] & bit) !== 0) throw twice(cells, event[row], i);
    seen[word] |= bit;
    const data = cells.tc_data[i];
    const charge = isRaw ? data : transverseCharge(data, cells.tc_eta[i]);
    charges[cell][row] = charge;
    total[row] += charge;
    energy[row] += cells.tc_simenergy?.[i] ?? 0;
    count[row]++;
    eta[row] += cells.tc_eta[i];
    cosine[row] += Math.cos(cells.tc_phi[i]);
    sine[row] += Math.sin(cells.tc_phi[i]);
  }
  return {
    ...{ charges, total, energy },
    eta: eta.map((sum, row) => sum / count[row]),
    phi: sine.map((sum, row) => Math.atan2(sum, cosine[row])),
  };
}

/** Number of a trigger cell whose charge and direction can be used. */
function checkedCell(cells: TriggerCells, event: number, i: number): number {
  const [u, v] = [cells.tc_cellu[i], cells.tc_cellv[i]];
  const isInside = u >= 0 && u < SIDE && v >= 0 && v < SIDE;
  const cell = (isInside ? cellAt[SIDE * u + v] : -1) ?? -1;
  if (cell < 0) {
    throw new UserError(
      `${placeOf(cells, event, i)}: tc_cellu ${u}, tc_cellv ${v} is on no module, expected one of its 48 cells, u and v ` +
        'from 0 to 7; the file is damaged or of another geometry',
    );
  }
  const [data, eta, phi] = [cells.tc_data[i], cells.tc_eta[i], cells.tc_phi[i]];
  if (!Number.isInteger(data) || data < 0 || data > LARGEST_DATA) {
    throw new UserError(
      `${placeOf(cells, event, i)}: tc_data is ${data}, expected a whole number from 0 to ${LARGEST_DATA}`,
    );
  }
  if (!Number.isFinite(eta) || !Number.isFinite(phi)) {
    throw new UserError(`${placeOf(cells, event, i)}: tc_eta ${eta}, tc_phi ${phi}; expected finite numbers`);
  }
  return cell;
}

function twice(cells: TriggerCells, event: number, i: number): UserError {
  const [u, v] = [cells.tc_cellu[i], cells.tc_cellv[i]];
  return new UserError(
    `${placeOf(cells, event, i)}: tc_cellu ${u}, tc_cellv ${v} for the second time in module (${cells.tc_waferu[i]}, ` +
      `${cells.tc_waferv[i]}) of layer ${cells.tc_layer[i]}; expected each cell once`,
  );
}
