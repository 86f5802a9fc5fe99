import { UserError } from '@hep/options';
import type { DataType } from './branches.ts';

/** A branch and what it is in its collection: `jet_pT` is `pt` of the jets. */
export interface Field {
  readonly branch: string;
  readonly feature: string;
}

/** The collections of an event, by the prefix of their fields, and its own numbers. */
export type CollectionName = 'jet' | 'clus' | 'track' | 'MSeg' | 'llp' | 'HLT_jet' | 'event';

/** Fields of every collection in the order of the table's columns. */
export type EventLayout = Readonly<Record<CollectionName, readonly Field[]>>;

const PREFIXES = ['HLT_jet', 'jet', 'clus', 'track', 'MSeg', 'llp'] as const;

/** Features without which a conversion makes no sense. */
const REQUIRED: Readonly<Record<CollectionName, readonly string[]>> = {
  event: [],
  jet: ['pt', 'eta', 'phi'],
  clus: ['jetIndex', 'pt', 'eta', 'phi'],
  track: ['jetIndex', 'pt', 'eta', 'phi'],
  MSeg: ['jetIndex', 'etaPos', 'phiPos', 'phiDir'],
  llp: ['eta', 'phi', 'Lxy', 'Lz'],
  HLT_jet: ['eta', 'phi', 'isBIB'],
};

/** Collections that only one type of data has. */
const OWNER: Readonly<Partial<Record<CollectionName, DataType>>> = { llp: 'sig', HLT_jet: 'bib' };

/**
 * Sorts branches into collections by the prefix of their names after renaming. Renamed fields come last, in the order
 * of the renames.
 * @throws UserError that names every required field which no branch gives
 */
export function layoutOf(
  dataType: DataType,
  branches: readonly string[],
  renames: Readonly<Record<string, string>>,
): EventLayout {
  const unique = [...new Set(branches)];
  const renamed = Object.keys(renames).filter((branch) => unique.includes(branch));
  const kept = unique.filter((branch) => !renamed.includes(branch));
  const layout: Record<CollectionName, Field[]> = {
    ...{ jet: [], clus: [], track: [], MSeg: [], llp: [], HLT_jet: [], event: [] },
  };
  for (const branch of [...kept, ...renamed]) {
    const name = Object.hasOwn(renames, branch) ? renames[branch] : branch;
    const prefix = PREFIXES.find((known) => name.startsWith(`${known}_`));
    if (prefix === undefined) layout.event.push({ branch, feature: name });
    else layout[prefix].push({ branch, feature: name.slice(prefix.length + 1) });
  }
  requireFields(dataType, layout);
  return layout;
}

function requireFields(dataType: DataType, layout: EventLayout): void {
  const missing = (Object.keys(REQUIRED) as CollectionName[])
    .filter((name) => (OWNER[name] ?? dataType) === dataType)
    .flatMap((name) =>
      REQUIRED[name]
        .filter((feature) => !layout[name].some((field) => field.feature === feature))
        .map((feature) => `${name}_${feature}`),
    );
  if (missing.length === 0) return;
  throw new UserError(
    `branches of ${dataType}: none gives ${missing.join(', ')}; name a branch for each in the list or in the renames`,
  );
}
