/** Direction of every module, from a WaferEtaPhiMap.csv. */
import { UserError } from '@hep/options';

/** Direction of a module's centre. */
export interface Direction {
  readonly eta: number;
  /** Azimuth in radians. */
  readonly phi: number;
}

/** Directions of the modules of all layers. */
export interface WaferMap {
  /** Number of modules. */
  readonly size: number;
  /** Layers that have modules, ascending. */
  readonly layers: readonly number[];
  /** Direction of module (u, v) in a layer, undefined where there is none. */
  direction(layer: number, u: number, v: number): Direction | undefined;
}

const columns = ['layer', 'waferu', 'waferv', 'tc_eta', 'tc_phi'] as const;

/**
 * Reads a CSV with the columns layer, waferu, waferv, tc_eta, tc_phi in any order; further columns are ignored.
 * @param text content of the file
 * @param file its name, for messages
 * @throws UserError when a column is missing, a number unreadable or a module listed twice
 */
export function parseWaferMap(text: string, file = 'wafer map'): WaferMap {
  const [header, ...rows] = text.split(/\r?\n/);
  const names = header.split(',').map((name) => name.trim());
  const positions = columns.map((column) => {
    const position = names.indexOf(column);
    if (position < 0) throw new UserError(`${file}: no column ${column}; expected ${columns.join(', ')}`);
    return position;
  });
  const directions = new Map<string, Direction>();
  const layers = new Set<number>();
  rows.forEach((row, i) => {
    if (row.trim() === '') return;
    const where = `${file}: row ${i + 2}`;
    const fields = row.split(',');
    const [layer, u, v, eta, phi] = positions.map((position, c) =>
      number(fields[position], `${where}, ${columns[c]}`),
    );
    const key = moduleKey(layer, u, v);
    if (directions.has(key))
      throw new UserError(`${where}: module ${key} (layer, u, v) is listed twice; remove one row`);
    directions.set(key, { eta, phi });
    layers.add(layer);
  });
  return {
    size: directions.size,
    layers: [...layers].sort((a, b) => a - b),
    direction: (layer, u, v) => directions.get(moduleKey(layer, u, v)),
  };
}

const moduleKey = (layer: number, u: number, v: number) => `${layer}, ${u}, ${v}`;

function number(field: string | undefined, where: string): number {
  const value = field === undefined || field.trim() === '' ? NaN : Number(field);
  if (!Number.isFinite(value)) throw new UserError(`${where}: "${field ?? ''}"; expected a number`);
  return value;
}
