/** CALQ files to wafers: reading, cuts, pairing. */
import { UserError } from '@hep/options';
import type { TableBuilder } from '../csv/columns.ts';
import type { Table } from '../csv/batch.ts';
import type { HeaderRule, TablePlan } from '../csv/plan.ts';
import { collectTable, streamTables } from '../csv/table.ts';
import type { ColumnMap } from './wafer-columns.ts';
import { locateWaferColumns, MODULE_TYPE } from './wafer-columns.ts';
import type { SideColumn, WaferData } from './wafer-data.ts';
import { CELLS, doubleWafers, sideColumns } from './wafer-data.ts';

/** Types of modules that are not cut by the edge of the detector. */
const fullModuleTypes: readonly string[] = ['FI', 'FM', 'FO'];
/** Least share of the event's simulated energy that `maskEnergies` keeps (exclusive). */
const LEAST_ENERGY_FRACTION = 0.05;

/** Which rows to read and keep. */
export interface WaferLoadOptions {
  /** Rows read of each file, before any cut. Default: all. */
  readonly rowsPerFile?: number;
  /** Default `auto`: a header is there when the first field is not a number. */
  readonly header?: HeaderRule;
  /** Places of columns that differ from the known layouts. */
  readonly columns?: ColumnMap;
  /** Keeps full modules only (`ModType` FI, FM or FO). */
  readonly maskPartials?: boolean;
  /** Keeps modules with more than 5 % of the event's simulated energy (`SimEnergyFraction`). */
  readonly maskEnergies?: boolean;
  /** Adds up pairs of rows; see {@link doubleWafers}. */
  readonly double?: boolean;
  /** Hears about what is odd but no error. */
  readonly onWarning?: (message: string) => void;
}

/** Rows read and rows dropped by each cut; a row counts for the first cut that drops it. */
export interface CutCounts {
  read: number;
  zeroCharge: number;
  partials: number;
  energies: number;
}

/** Wafers with the account of the rows that are not among them. */
export interface LoadedWafers extends WaferData {
  readonly cuts: Readonly<CutCounts>;
}

/**
 * Reads modules from CSV files or folders: 48 charges (CALQ counts) and whatever side columns the files have.
 * Modules without charge are dropped, all columns together.
 * Throws UserError on unreadable or odd files, on charges that are no finite numbers of at least 0 (naming file, line
 * and column), and when no row is left (naming each cut with its count).
 */
export async function loadWafers(
  inputs: readonly string[],
  options: WaferLoadOptions = {},
): Promise<LoadedWafers> {
  const cuts: CutCounts = { read: 0, zeroCharge: 0, partials: 0, energies: 0 };
  const table = await collectTable(inputs, waferPlan(options, cuts));
  const data = toWafers(table);
  warnAboutMissing(data, options);
  const paired = options.double ? doubleWafers(data) : data;
  if (paired.rows === 0) throw allFiltered(inputs, cuts, options);
  return { ...paired, cuts };
}

/**
 * As {@link loadWafers} in batches of about `batchRows` rows, in memory independent of the size of the files. Pairs
 * (`double`) do not reach over batches.
 */
export async function* streamWafers(
  inputs: readonly string[],
  batchRows: number,
  options: WaferLoadOptions = {},
): AsyncGenerator<WaferData> {
  const cuts: CutCounts = { read: 0, zeroCharge: 0, partials: 0, energies: 0 };
  let rows = 0;
  for await (const table of streamTables(inputs, waferPlan(options, cuts), batchRows)) {
    const data = options.double ? doubleWafers(toWafers(table)) : toWafers(table);
    rows += data.rows;
    if (data.rows > 0) yield data;
  }
  if (rows === 0) throw allFiltered(inputs, cuts, options);
}

function waferPlan(options: WaferLoadOptions, cuts: CutCounts): TablePlan {
  return {
    shape: { width: CELLS, matrixCheck: 'non-negative', numbers: sideColumns, texts: [MODULE_TYPE] },
    header: options.header,
    rowsPerFile: options.rowsPerFile,
    locate: (file) => {
      const targets = locateWaferColumns(file, options.columns);
      const hasType = [...targets.values()].some(({ kind }) => kind === 'text');
      if (options.maskPartials && !hasType) {
        throw new UserError(
          `${file.path}: column ${MODULE_TYPE} is missing, needed by mask-partials; leave that cut away`,
        );
      }
      return targets;
    },
    rowFilter: (table) => waferFilter(table, options, cuts),
  };
}

function waferFilter(
  table: TableBuilder,
  { maskPartials = false, maskEnergies = false }: WaferLoadOptions,
  cuts: CutCounts,
): (row: number) => boolean {
  const fractionIndex = sideColumns.indexOf('SimEnergyFraction');
  return (row) => {
    cuts.read++;
    if (isEmpty(table.matrix, row * CELLS)) {
      cuts.zeroCharge++;
      return false;
    }
    if (
      maskPartials &&
      !fullModuleTypes.some((type) => table.dictionaries[0].get(type) === table.codes[0][row])
    ) {
      cuts.partials++;
      return false;
    }
    const fraction = table.numbers[fractionIndex][row];
    if (maskEnergies && fraction <= LEAST_ENERGY_FRACTION) {
      cuts.energies++;
      return false;
    }
    return true;
  };
}

function isEmpty(charges: Float32Array, start: number): boolean {
  for (let i = start; i < start + CELLS; i++) if (charges[i] !== 0) return false;
  return true;
}

function toWafers({ rows, matrix, numbers, texts, origin }: Table): WaferData {
  const moduleType = texts.get(MODULE_TYPE);
  return {
    rows,
    charges: matrix,
    side: numbers as ReadonlyMap<SideColumn, Float64Array<ArrayBuffer>>,
    ...(moduleType && { moduleType }),
    origin,
  };
}

function warnAboutMissing(data: WaferData, { maskEnergies, onWarning }: WaferLoadOptions): void {
  if (maskEnergies && !data.side.has('SimEnergyFraction')) {
    onWarning?.('column SimEnergyFraction is missing: mask-energies keeps every module');
  }
}

function allFiltered(inputs: readonly string[], cuts: CutCounts, { double }: WaferLoadOptions): UserError {
  const reasons = [
    [cuts.zeroCharge, 'with zero charge'],
    [cuts.partials, `by mask-partials (ModType not ${fullModuleTypes.join(', ')})`],
    [cuts.energies, `by mask-energies (SimEnergyFraction at most ${LEAST_ENERGY_FRACTION})`],
    [
      double ? cuts.read - cuts.zeroCharge - cuts.partials - cuts.energies : 0,
      'without a partner for double',
    ],
  ] as const;
  const told = reasons.filter(([count]) => count > 0).map(([count, reason]) => `${count} ${reason}`);
  return new UserError(
    `${inputs.join(', ')}: all ${cuts.read} rows are filtered away: ${told.join(', ')}; ` +
      'expected at least one that stays, check the files or leave a cut away',
  );
}
