/** From trigger ntuples to tables of modules, piece by piece. */
import type { WaferMap } from '@hep/hgcal-geometry';
import { UserError } from '@hep/options/user-error';
import type { ColumnFile, ColumnTable } from '../columns/column.ts';
import { entryPieces } from './entry-pieces.ts';
import type { EventCuts } from './event-cuts.ts';
import { passing } from './event-cuts.ts';
import { sumsOf } from './module-charges.ts';
import { keysOf } from './module-keys.ts';
import { tableOf } from './module-table.ts';
import type { TreeChoice } from './open-ntuple.ts';
import { ENERGY_BRANCH, ntupleBranches, openNtuple } from './open-ntuple.ts';
import { cellsOf } from './trigger-cells.ts';

/** Which modules become rows, and of what. */
export interface ModuleSettings extends TreeChoice {
  /** Cuts on the first generated particle; without them gen_ branches are not read. */
  readonly cuts?: EventCuts;
  readonly isWantedLayer: (layer: number) => boolean;
  /** Writes `tc_data` as it is instead of transverse charges. */
  readonly isRaw: boolean;
  readonly waferMap?: WaferMap;
}

/** What became of a file. */
export interface NtupleCounts {
  readonly path: string;
  readonly events: number;
  /** Events that pass the cuts. */
  passed: number;
  /** Modules written. */
  modules: number;
  /** Modules left out because all of their charges are zero. */
  empty: number;
  /** Trigger cells left out because they lie in no silicon. */
  notSilicon: number;
}

/**
 * Tables of modules of ntuples, one row for each module with charge in an event, in the order of files and entries, in
 * memory independent of the size of the files. `entry` goes on counting from file to file, all of their events included.
 * @param tell hears what became of each file
 * @throws UserError for files that cannot be used, and when no event passes or no module is left
 */
export async function* streamModules(
  paths: readonly string[],
  settings: ModuleSettings,
  tell: (counts: NtupleCounts) => void,
): AsyncGenerator<ColumnTable> {
  const all: NtupleCounts[] = [];
  let hasEnergy: boolean | undefined;
  let firstNumber = 0;
  for (const path of paths) {
    const file = await openNtuple(path, settings);
    try {
      hasEnergy ??= file.types.has(ENERGY_BRANCH);
      requireAlike(file, hasEnergy, paths[0]);
      const counts = { path, events: file.rows, passed: 0, modules: 0, empty: 0, notSilicon: 0 };
      all.push(counts);
      yield* modulesOf(file, settings, counts, firstNumber);
      tell(counts);
    } finally {
      await file.close();
    }
    firstNumber += file.rows;
  }
  requireModules(all);
}

async function* modulesOf(
  file: ColumnFile,
  settings: ModuleSettings,
  counts: NtupleCounts,
  firstNumber: number,
): AsyncGenerator<ColumnTable> {
  const { cuts, isWantedLayer, isRaw, waferMap } = settings;
  const { path } = file;
  for await (const { first, table } of entryPieces(file, ntupleBranches(file, cuts !== undefined))) {
    const cells = cellsOf(path, first, table);
    const isUsed =
      cuts === undefined ? new Uint8Array(table.rows).fill(1) : passing(path, first, table, cuts);
    const keys = keysOf(cells, isUsed, isWantedLayer);
    const modules = tableOf(cells, keys, sumsOf(cells, keys, isRaw), { firstNumber, waferMap });
    counts.passed += isUsed.reduce((sum, used) => sum + used, 0);
    counts.modules += modules.rows;
    counts.empty += keys.rows - modules.rows;
    counts.notSilicon += keys.notSilicon;
    if (modules.rows > 0) yield modules;
  }
}

function requireAlike({ path, types }: ColumnFile, hasEnergy: boolean, first: string): void {
  if (types.has(ENERGY_BRANCH) === hasEnergy) return;
  const [has, lacks] = hasEnergy ? [first, path] : [path, first];
  throw new UserError(
    `${path}: ${ENERGY_BRANCH} is in ${has} but not in ${lacks}; convert them to files of their own`,
  );
}

function requireModules(all: readonly NtupleCounts[]): void {
  const sum = (of: 'events' | 'passed' | 'modules' | 'empty' | 'notSilicon') =>
    all.reduce((total, counts) => total + counts[of], 0);
  if (sum('modules') > 0) return;
  const files = all.map(({ path }) => path).join(', ');
  if (sum('passed') === 0) {
    throw new UserError(
      `${files}: none of ${sum('events')} events passes the cuts on gen_pt and gen_eta; widen them, or give other files`,
    );
  }
  throw new UserError(
    `${files}: no module with charge in the chosen layers of ${sum('passed')} events (${sum('empty')} modules without ` +
      `charge, ${sum('notSilicon')} trigger cells not in silicon); choose other layers or files`,
  );
}
