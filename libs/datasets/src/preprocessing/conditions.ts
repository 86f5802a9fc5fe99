/** What the decoder of a conditional autoencoder knows about a module beside its latent vector. */
import { UserError } from '@hep/options';
import { describeRow } from '../csv/batch.ts';
import type { SideColumn, WaferData } from '../wafers/wafer-data.ts';
import { CELLS } from '../wafers/wafer-data.ts';

/** Numbers per module. */
export const CONDITIONS = 8;
/** Side columns that `conditionsOf` reads. */
const conditionColumns = ['tc_eta', 'waferv', 'waferu', 'wafertype', 'layer'] as const;

const WAFER_TYPES = [0, 1, 2];

/**
 * Conditions of all modules, [rows, 8]: eta / 3.1, v / 12, u / 12, wafer type as one of three, ln(1 + charge sum in
 * CALQ counts), (layer - 1) / 46. All 48 charges are in the sum (the reference leaves the first one out).
 * @throws UserError as `requireConditions`
 */
export function conditionsOf(wafers: WaferData): Float32Array<ArrayBuffer> {
  const [eta, v, u, type, layer] = columnsOf(wafers, conditionColumns);
  const conditions = new Float32Array(wafers.rows * CONDITIONS);
  for (let row = 0; row < wafers.rows; row++) {
    const at = row * CONDITIONS;
    conditions[at] = eta[row] / 3.1;
    conditions[at + 1] = v[row] / 12;
    conditions[at + 2] = u[row] / 12;
    conditions[at + 3 + type[row]] = 1;
    conditions[at + 6] = Math.log1p(chargeSum(wafers, row));
    conditions[at + 7] = (layer[row] - 1) / 46;
  }
  return conditions;
}

/**
 * Checks that all conditions are there; before rows are selected, so that lines of files can be told.
 * @throws UserError naming the missing columns, or the row in which one has no number or an unknown wafer type
 */
export function requireConditions(wafers: WaferData): void {
  columnsOf(wafers, conditionColumns);
}

function columnsOf(wafers: WaferData, names: readonly SideColumn[]): Float64Array[] {
  const missing = names.filter((name) => !wafers.side.has(name));
  if (missing.length > 0) {
    const [column, is] = missing.length === 1 ? ['column', 'is'] : ['columns', 'are'];
    throw new UserError(
      `${column} ${missing.join(', ')} ${is} missing, expected ${names.join(', ')} for the conditions of a decoder; ` +
        'give files with these columns, or choose networks without conditions',
    );
  }
  return names.map((name) => checked(wafers, name));
}

/** A column in which every row has a number that can be used; files may lack columns that others have. */
function checked({ side, origin }: WaferData, name: SideColumn): Float64Array {
  const column = side.get(name)!;
  const isType = name === 'wafertype';
  const odd = column.findIndex((value) => (isType ? !WAFER_TYPES.includes(value) : !Number.isFinite(value)));
  if (odd < 0) return column;
  const where = origin ? describeRow(origin, odd) : `row ${odd}`;
  const expected = isType ? '0, 1 or 2' : 'a number';
  throw new UserError(
    `${where}: ${name} is ${column[odd]}, expected ${expected} for the conditions of a decoder; correct or remove it`,
  );
}

function chargeSum({ charges }: WaferData, row: number): number {
  let sum = 0;
  for (let i = row * CELLS; i < (row + 1) * CELLS; i++) sum += charges[i];
  return sum;
}
