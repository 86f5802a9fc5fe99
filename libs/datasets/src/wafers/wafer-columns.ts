/** Finds charges and side columns in the known CSV layouts (Ecoder spec, section 4.2). */
import { suggestion, UserError } from '@hep/options';
import type { Target } from '../csv/columns.ts';
import { addTarget } from '../csv/columns.ts';
import type { FirstLine } from '../csv/plan.ts';
import type { SideColumn } from './wafer-data.ts';
import { CELLS, sideColumns } from './wafer-data.ts';

/** Column of the module's shape. */
export const MODULE_TYPE = 'ModType';

/**
 * Explicit places of columns, by header name or by position from 0: keys are `CALQ` (position of the first of 48
 * neighbouring columns, or the prefix of their names), the side columns and `ModType`.
 */
export type ColumnMap = Readonly<Record<string, string | number>>;

const aliases: Partial<Record<SideColumn, readonly string[]>> = {
  SimEnergyTotal: ['simenergy'],
  EventSimEnergyTotal: ['EventSimEnergy'],
};

/** Side columns of files without a header, by number of columns; other counts have charges only, from column 0. */
const headerlessSides: Readonly<Record<number, readonly SideColumn[]>> = {
  50: ['tc_eta', 'tc_phi'],
  56: ['entry', 'zside', 'layer', 'waferu', 'waferv', 'subdet', 'tc_eta', 'tc_phi'],
  57: ['entry', 'zside', 'layer', 'waferu', 'waferv', 'SimEnergyTotal', 'subdet', 'tc_eta', 'tc_phi'],
  58: [
    ...(['entry', 'zside', 'layer', 'waferu', 'waferv', 'SimEnergyTotal', 'subdet'] as const),
    ...(['tc_eta', 'tc_phi', 'wafertype'] as const),
  ],
};

/**
 * Reads `CALQ=1`, `tc_eta=55`, `CALQ=ADC_` as a {@link ColumnMap}.
 * Throws UserError on any other form or an unknown key.
 */
export function parseColumnMap(texts: readonly string[]): ColumnMap {
  const known = ['CALQ', MODULE_TYPE, ...sideColumns];
  return Object.fromEntries(
    texts.map((text) => {
      const [, key, place] = /^([^=]+)=(.+)$/.exec(text) ?? [];
      if (key === undefined)
        throw new UserError(`column map: got "${text}", expected NAME=POSITION or NAME=HEADER`);
      if (!known.includes(key)) {
        const hint = suggestion(key, known) || `, expected one of ${known.join(', ')}`;
        throw new UserError(`column map: unknown column ${key}${hint}`);
      }
      return [key, /^\d+$/.test(place) ? Number(place) : place];
    }),
  );
}

/**
 * Where the charges (matrix columns 0..47) and side columns of a file are. Charges must be there, side columns may be
 * missing. Throws UserError when a charge or an explicitly mapped column is not found, or two want the same column.
 */
export function locateWaferColumns(file: FirstLine, map: ColumnMap = {}): ReadonlyMap<number, Target> {
  const targets = new Map<number, Target>();
  const add = (column: number, target: Target) => addTarget(targets, file.path, column, target);
  locateCharges(file, map['CALQ']).forEach((column, index) => add(column, { kind: 'matrix', index }));
  for (const name of sideColumns) {
    const column = map[name] === undefined ? findSide(file, name) : mapped(file, name, map[name]);
    if (column >= 0) add(column, { kind: 'number', name });
  }
  const place = map[MODULE_TYPE];
  const column = place === undefined ? headerIndex(file, MODULE_TYPE) : mapped(file, MODULE_TYPE, place);
  if (column >= 0) add(column, { kind: 'text', name: MODULE_TYPE });
  return targets;
}

function locateCharges(file: FirstLine, place: string | number | undefined): number[] {
  const { path, names, hasHeader } = file;
  const isByPosition = typeof place === 'number' || (place === undefined && !hasHeader);
  if (isByPosition) {
    const first = place ?? 0;
    if (names.length < Number(first) + CELLS) {
      throw new UserError(
        `${path}: ${names.length} columns, expected ${CELLS} charges${first === 0 ? '' : ` from position ${first}`}`,
      );
    }
    return Array.from({ length: CELLS }, (_, cell) => Number(first) + cell);
  }
  const prefix = place ?? 'CALQ_';
  return Array.from({ length: CELLS }, (_, cell) => {
    const column = headerIndex(file, `${prefix}${cell}`);
    if (column >= 0) return column;
    const present = hasHeader
      ? `the header has ${names.slice(0, 4).join(', ')}, ...`
      : 'the file has no header';
    throw new UserError(
      `${path}: column ${prefix}${cell} is missing, expected ${prefix}0 to ${prefix}47; ${present}`,
    );
  });
}

function findSide(file: FirstLine, name: SideColumn): number {
  if (!file.hasHeader) {
    const index = headerlessSides[file.names.length]?.indexOf(name) ?? -1;
    return index < 0 ? -1 : CELLS + index;
  }
  const candidates = [name, ...(aliases[name] ?? [])].map((candidate) => headerIndex(file, candidate));
  return candidates.find((column) => column >= 0) ?? -1;
}

function mapped(file: FirstLine, name: string, place: string | number): number {
  const column = typeof place === 'number' ? place : headerIndex(file, place);
  if (column >= 0 && column < file.names.length) return column;
  throw new UserError(
    `${file.path}: column ${place}, mapped to ${name}, is missing (${file.names.length} columns)`,
  );
}

function headerIndex({ names, hasHeader }: FirstLine, name: string): number {
  return hasHeader ? names.indexOf(name) : -1;
}
