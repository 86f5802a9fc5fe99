/** Events of a trigger ntuple as typed arrays. */
import { UserError } from '@hep/options/user-error';
import type { ColumnTable } from '../columns/column.ts';
import { plainNumbers } from '../columns/flat-numbers.ts';
import type { PlainNumbers } from '../columns/flat-numbers.ts';
import { numbersOrLists, requireEqualLengths } from '../columns/object-lists.ts';
import type { ListColumn } from '../columns/object-lists.ts';
import { CELL_BRANCHES, ENERGY_BRANCH } from './open-ntuple.ts';

type CellBranch = (typeof CELL_BRANCHES)[number];

/** Trigger cells of some events: those of event e are [offsets[e], offsets[e + 1]) of every branch. */
export interface TriggerCells extends Readonly<Record<CellBranch, PlainNumbers>> {
  readonly path: string;
  /** Entry of the file that is the first event. */
  readonly firstEntry: number;
  readonly events: number;
  readonly offsets: Uint32Array;
  /** Absent where the file has none. */
  readonly tc_simenergy?: PlainNumbers;
}

/**
 * Trigger cells of a piece of a file.
 * @throws UserError for branches that are no lists of numbers, and with the entry where their lengths differ
 */
export function cellsOf(path: string, firstEntry: number, table: ColumnTable): TriggerCells {
  const source = { path, firstRow: firstEntry, row: 'entry', objects: 'trigger cells' };
  const names = [...CELL_BRANCHES, ...(table.columns.has(ENERGY_BRANCH) ? [ENERGY_BRANCH] : [])];
  const lists = names.map((name): [string, ListColumn] => {
    const column = numbersOrLists(source, name, table.columns.get(name)!);
    if (column.kind === 'jagged') return [name, column];
    throw new UserError(`${path}: branch ${name} has one number for each entry, expected a vector`);
  });
  requireEqualLengths(source, lists);
  const values = lists.map(([name, { content }]) => [name, plainNumbers(content.values)] as const);
  return {
    ...(Object.fromEntries(values) as Record<CellBranch, PlainNumbers>),
    ...{ path, firstEntry, events: table.rows, offsets: lists[0][1].offsets },
  };
}
