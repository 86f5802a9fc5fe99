/** Modules as a table, layout D of the Ecoder study, or E without simulated energy. */
import type { WaferMap } from '@hep/hgcal-geometry';
import { UserError } from '@hep/options/user-error';
import type { ColumnTable, FlatColumn, Numbers } from '../columns/column.ts';
import type { ModuleSums } from './module-charges.ts';
import type { ModuleKeys } from './module-keys.ts';
import type { TriggerCells } from './trigger-cells.ts';

/** What the rows get beside what is in the file. */
export interface TableSettings {
  /** Number of the file's first entry in the table. */
  readonly firstNumber: number;
  /** Directions of the modules' centres instead of the mean of their cells. */
  readonly waferMap?: WaferMap;
}

/**
 * Modules whose charges are not all zero: `CALQ_0` to `CALQ_47, entry, zside, layer, waferu, waferv, simenergy, subdet,
 * tc_eta, tc_phi`; int32, energy and directions float32. Without `simenergy` where the file has no simulated energy.
 * @throws UserError with the entry for a module that is not in the map
 */
export function tableOf(
  cells: TriggerCells,
  keys: ModuleKeys,
  sums: ModuleSums,
  { firstNumber, waferMap }: TableSettings,
): ColumnTable {
  const kept = Int32Array.from({ length: keys.rows }, (_, row) => row).filter((row) => sums.total[row] > 0);
  const columns = new Map<string, FlatColumn>();
  const add = (name: string, values: Numbers) => columns.set(name, { kind: 'flat', values });
  const whole = (values: Int32Array) => kept.map((row) => values[row]);
  const real = (values: Float64Array) => Float32Array.from(kept, (row) => values[row]);
  const first = firstNumber + cells.firstEntry;
  sums.charges.forEach((charges, cell) => add(`CALQ_${cell}`, whole(charges)));
  add(
    'entry',
    kept.map((row) => first + keys.event[row]),
  );
  for (const name of ['zside', 'layer', 'waferu', 'waferv'] as const) add(name, whole(keys[name]));
  if (cells.tc_simenergy !== undefined) add('simenergy', real(sums.energy));
  add('subdet', whole(keys.subdet));
  const { eta, phi } = waferMap === undefined ? sums : centresOf(cells, keys, kept, waferMap);
  add('tc_eta', real(eta));
  add('tc_phi', real(phi));
  return { rows: kept.length, columns };
}

/** The map's directions of the rows that are kept, which are the same for both sides. */
function centresOf(
  cells: TriggerCells,
  { rows, event, layer, waferu, waferv }: ModuleKeys,
  kept: Int32Array,
  map: WaferMap,
) {
  const [eta, phi] = [new Float64Array(rows), new Float64Array(rows)];
  for (const row of kept) {
    const centre = map.direction(layer[row], waferu[row], waferv[row]);
    if (centre === undefined) {
      throw new UserError(
        `${cells.path}: entry ${cells.firstEntry + event[row]}: module (${waferu[row]}, ${waferv[row]}) of layer ` +
          `${layer[row]} is not in the wafer map; give the map of this geometry, or none`,
      );
    }
    [eta[row], phi[row]] = [centre.eta, centre.phi];
  }
  return { eta, phi };
}
