/** Tracks of files of any format, a piece at a time. */
import { TRACK_FEATURES } from '@hep/track-dnn/variables';
import { openColumns, rowStretches } from '@hep/datasets/columns';
import { UserError } from '@hep/options/user-error';
import { branchesToRead } from './branches.ts';
import { flattenTracks } from './flatten.ts';
import { joinTracks } from './track-table.ts';
import { tracksOf } from './tracks-of.ts';
import type { TableOptions } from './track-columns.ts';
import type { CheckedTracks } from './tracks-of.ts';

/** How files are read. */
export interface TrackFileOptions extends TableOptions {
  /** Tree of ROOT files, such as `trackingNtuple/tree`; default: the only one. */
  readonly tree?: string;
}

/**
 * Tracks of a file in pieces as the file stores them.
 * @throws UserError for a file that cannot be read, lacks branches or holds tracks that cannot be used
 */
export async function* streamTracks(
  path: string,
  options: TrackFileOptions = {},
): AsyncGenerator<CheckedTracks> {
  const { features = TRACK_FEATURES, select } = options;
  const file = await openColumns(path, options);
  try {
    const names = branchesToRead(path, [...file.types.keys()], features, select);
    for (const range of rowStretches(file)) {
      const table = await file.read(names, range);
      yield tracksOf(flattenTracks(path, range.first, table), options);
    }
  } finally {
    await file.close();
  }
}

/** All tracks of the files. @throws UserError as `streamTracks`, and when there are none */
export async function readTracks(
  paths: readonly string[],
  options: TrackFileOptions = {},
): Promise<CheckedTracks> {
  const pieces: CheckedTracks[] = [];
  for (const path of paths) for await (const piece of streamTracks(path, options)) pieces.push(piece);
  const table = joinTracks(pieces.map((piece) => piece.table));
  if (table.rows === 0)
    throw new UserError(
      `${paths.join(', ')}: no tracks; check ${options.select === undefined ? 'files and tree' : 'files, tree and --select'}`,
    );
  return { table, dropped: pieces.reduce((sum, { dropped }) => sum + dropped, 0) };
}
