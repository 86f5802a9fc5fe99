/** From flat columns to a checked table of tracks. */
import type { FlatTracks } from './flatten.ts';
import { interleave } from './interleave.ts';
import { checkedColumns } from './track-columns.ts';
import type { TableOptions } from './track-columns.ts';
import { selectTracks } from './track-table.ts';
import type { TrackTable } from './track-table.ts';

/** Tracks, and how many of those selected were left out. */
export interface CheckedTracks {
  readonly table: TrackTable;
  readonly dropped: number;
}

/**
 * A table of tracks with finite variables, known iterations and truth 0 or 1.
 * @throws UserError that names the first of the other tracks by file and row, unless they are left out
 */
export function tracksOf(flat: FlatTracks, options: TableOptions = {}): CheckedTracks {
  const { tracks, good, dropped } = checkedColumns(flat, options);
  const width = tracks.features.length;
  const table = { ...tracks, width, features: interleave(tracks.features, tracks.rows) };
  if (good === null) return { table, dropped };
  return { table: selectTracks(table, good), dropped };
}
