import { sliceTable } from '@hep/datasets/columns';
import type { ColumnFile, ColumnTable } from '@hep/datasets/columns';
import { checkBranches } from './branch-types.ts';
import type { RowSettings } from './convert-events.ts';
import { convertEvents } from './convert-events.ts';
import { DEFAULT_BRANCHES, DEFAULT_RENAMES } from './branches.ts';
import { eventPortions } from './event-portions.ts';
import { eventsOf } from './events.ts';
import type { CollectionName } from './layout.ts';
import { layoutOf } from './layout.ts';

/** The tree of a DiVertAnalysis ntuple. */
export const NTUPLE_TREE = 'trees_DV_';

/** How an ntuple becomes a table. */
export interface ConversionSettings extends RowSettings {
  /** Branches to read, in the order that gives the columns theirs. Default: `DEFAULT_BRANCHES` of the data type. */
  readonly branches?: readonly string[];
  /** Names in the table instead of the branch's. Default: `DEFAULT_RENAMES`. */
  readonly renames?: Readonly<Record<string, string>>;
}

/**
 * Tables of the selected jets of a file, batch by batch of its events; some without rows where none is selected. See
 * `convertEvents`.
 * @throws UserError when branches are missing, have other types or different numbers of objects, or are damaged
 */
export async function* convertNtuple(
  file: ColumnFile,
  settings: ConversionSettings,
): AsyncGenerator<ColumnTable> {
  const { dataType, branches = DEFAULT_BRANCHES[dataType], renames = DEFAULT_RENAMES } = settings;
  const layout = layoutOf(dataType, branches, renames);
  checkBranches(file, layout);
  const names = (Object.keys(layout) as CollectionName[]).flatMap((name) =>
    layout[name].map(({ branch }) => branch),
  );
  for (const { batches, ...portion } of eventPortions(file)) {
    const table = await file.read(names, portion);
    for (const { first, end } of batches) {
      const events = sliceTable(table, first - portion.first, end - portion.first);
      const place = { path: file.path, firstEvent: first };
      yield* convertEvents(eventsOf(events, layout, place), layout, settings);
    }
    table.release?.();
  }
}
