import type { Column, ColumnTable, JaggedColumn, Numbers } from '@hep/datasets/columns';
import { UserError } from '@hep/options';
import type { CollectionName, EventLayout } from './layout.ts';

/** Jets and particles of an event are compared pair by pair; real events have tens of them. */
const MOST_COMPARED = 1000;
const COMPARED: readonly CollectionName[] = ['jet', 'llp', 'HLT_jet'];

/** Numbers of a type that arithmetic takes. */
export type PlainNumbers = Exclude<Numbers, BigInt64Array | BigUint64Array>;

/** Objects of one kind in all events: those of event e are [offsets[e], offsets[e + 1]). */
export interface Collection {
  readonly offsets: Uint32Array;
  /** Values of all objects by feature. */
  readonly features: ReadonlyMap<string, Numbers>;
  /** To which jets the objects belong, where each may belong to several: [offsets[o], offsets[o + 1]) of `jets`. */
  readonly jetLists?: { readonly offsets: Uint32Array; readonly jets: PlainNumbers };
}

/** Some events of a file. */
export interface Events {
  readonly count: number;
  readonly numbers: ReadonlyMap<string, Numbers>;
  collection(name: CollectionName): Collection;
}

/**
 * Sees a table of branches as events with collections.
 * @param where file and first event, for errors
 * @throws UserError when the branches of a collection have different numbers of objects in an event, or an event has
 * more than 1000 jets or particles
 */
export function eventsOf(table: ColumnTable, layout: EventLayout, where: EventPlace): Events {
  const collections = new Map<CollectionName, Collection>();
  const numbers = new Map<string, Numbers>();
  for (const { branch, feature } of layout.event) numbers.set(feature, flatNumbers(table, branch));
  for (const name of Object.keys(layout) as CollectionName[]) {
    if (name !== 'event') collections.set(name, collectionOf(table, layout, name, where));
  }
  return { count: table.rows, numbers, collection: (name) => collections.get(name)! };
}

/** Where events come from. */
export interface EventPlace {
  readonly path: string;
  readonly firstEvent: number;
}

function collectionOf(
  table: ColumnTable,
  layout: EventLayout,
  name: CollectionName,
  where: EventPlace,
): Collection {
  const features = new Map<string, Numbers>();
  let first: JaggedColumn | undefined;
  let jetLists: Collection['jetLists'];
  for (const { branch, feature } of layout[name]) {
    const column = table.columns.get(branch) as JaggedColumn;
    first ??= column;
    requireSameCounts(column.offsets, first.offsets, [branch, layout[name][0].branch], where);
    if (column.content.kind === 'jagged') {
      jetLists = { offsets: column.content.offsets, jets: contentNumbers(column.content) as PlainNumbers };
    } else features.set(feature, contentNumbers(column));
  }
  const offsets = first?.offsets ?? new Uint32Array(table.rows + 1);
  if (COMPARED.includes(name)) requireFew(offsets, layout[name][0]?.branch, where);
  return { offsets, features, ...(jetLists === undefined ? {} : { jetLists }) };
}

function requireSameCounts(
  offsets: Uint32Array,
  expected: Uint32Array,
  [branch, firstBranch]: readonly [string, string],
  { path, firstEvent }: EventPlace,
): void {
  if (offsets === expected) return;
  const event = offsets.findIndex((offset, index) => offset !== expected[index]) - 1;
  if (event < 0) return;
  const count = (of: Uint32Array) => of[event + 1] - of[event];
  throw new UserError(
    `${path} event ${firstEvent + event}: ${count(offsets)} entries of ${branch} but ${count(expected)} of ` +
      `${firstBranch}, expected as many; the file is damaged or not a DiVertAnalysis ntuple`,
  );
}

function requireFew(offsets: Uint32Array, branch: string, { path, firstEvent }: EventPlace): void {
  const event = offsets.findIndex((offset, index) => offsets[index + 1] - offset > MOST_COMPARED);
  if (event < 0) return;
  throw new UserError(
    `${path} event ${firstEvent + event}: ${offsets[event + 1] - offsets[event]} entries of ${branch}, expected ` +
      `at most ${MOST_COMPARED}; the file is damaged or not a DiVertAnalysis ntuple`,
  );
}

function flatNumbers(table: ColumnTable, branch: string): Numbers {
  return numbersOf(table.columns.get(branch)!);
}

function contentNumbers(column: JaggedColumn): Numbers {
  return numbersOf(column.content);
}

function numbersOf(column: Column): Numbers {
  if (column.kind !== 'flat') throw new Error(`expected plain numbers, got a ${column.kind} column`);
  return column.values;
}
