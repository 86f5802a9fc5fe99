import type { Column, ColumnFile, ColumnTable, RowRange } from '@hep/datasets/columns';
import { DEFAULT_BRANCHES } from '../convert/branches.ts';
import type { DataType } from '../convert/branches.ts';

/** An object as branch name without prefix and value. */
export type ObjectRecord = Readonly<Record<string, number | readonly number[]>>;

/** An event as objects, by the prefix of their branches; for small tests. */
export interface EventRecord {
  readonly jet?: readonly ObjectRecord[];
  readonly clus?: readonly ObjectRecord[];
  readonly track?: readonly ObjectRecord[];
  readonly MSeg?: readonly ObjectRecord[];
  readonly llp?: readonly ObjectRecord[];
  readonly HLT_jet?: readonly ObjectRecord[];
  readonly mcEventWeight?: number;
  readonly eventNumber?: number;
}

const NESTED = ['track_jetIndex', 'MSeg_jetIndex'];
const PREFIXES = ['HLT_jet', 'jet', 'clus', 'track', 'MSeg', 'llp'] as const;

/** An open ntuple in memory with the default branches of a data type; features that a record lacks are zero. */
export function ntupleOf(events: readonly EventRecord[], dataType: DataType, path = 'toy.root'): ColumnFile {
  const branches = DEFAULT_BRANCHES[dataType];
  return {
    path,
    rows: events.length,
    types: new Map(branches.map((branch) => [branch, typeOf(branch)])),
    read: (names, range) => Promise.resolve(tableOf(events, names, range)),
    close: () => Promise.resolve(),
  };
}

function typeOf(branch: string): string {
  if (NESTED.includes(branch)) return 'int32[][]';
  const item = typeOfItem(branch);
  return PREFIXES.some((prefix) => branch.startsWith(`${prefix}_`)) || branch === 'cluster_jetIndex'
    ? `${item}[]`
    : item;
}

function typeOfItem(branch: string): string {
  if (/_(t0|chiSquared|time)$/.test(branch) || branch === 'mcEventWeight') return 'float32';
  if (branch === 'eventNumber') return 'uint64';
  if (branch === 'runNumber') return 'uint32';
  if (branch.endsWith('LooseBadLLP')) return 'int8';
  return branch.endsWith('jetIndex') || branch.endsWith('isBIB') ? 'int32' : 'float64';
}

const CONSTRUCTORS = {
  int8: Int8Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
};

function tableOf(
  all: readonly EventRecord[],
  names: readonly string[],
  { first, end }: RowRange = { first: 0, end: all.length },
): ColumnTable {
  const events = all.slice(first, end);
  const columns = names.map((branch) => [branch, columnOf(events, branch)] as const);
  return { rows: events.length, columns: new Map(columns) };
}

function columnOf(events: readonly EventRecord[], branch: string): Column {
  const name = branch.replace('cluster_', 'clus_').replace(/_pT$/, '_pt');
  const prefix = PREFIXES.find((known) => name.startsWith(`${known}_`));
  if (prefix === undefined) {
    return flat(
      branch,
      events.map((event) => event[branch as 'mcEventWeight'] ?? 0),
    );
  }
  const values = events.map((event) =>
    (event[prefix] ?? []).map(
      (record) => record[name.slice(prefix.length + 1)] ?? (NESTED.includes(branch) ? [] : 0),
    ),
  );
  if (!NESTED.includes(branch)) return jagged(values, (items) => flat(branch, items as number[]));
  return jagged(values, (lists) => jagged(lists as number[][], (items) => flat(branch, items as number[])));
}

function jagged(lists: readonly (readonly unknown[])[], contentOf: (items: unknown[]) => Column): Column {
  const offsets = new Uint32Array(lists.length + 1);
  lists.forEach((list, index) => (offsets[index + 1] = offsets[index] + list.length));
  return { kind: 'jagged', offsets, content: contentOf(lists.flat()) };
}

function flat(branch: string, values: readonly number[]): Column {
  const type = typeOfItem(branch);
  if (type === 'uint64') return { kind: 'flat', values: BigUint64Array.from(values, BigInt) };
  return { kind: 'flat', values: CONSTRUCTORS[type as keyof typeof CONSTRUCTORS].from(values) };
}
