/** From flat columns to a checked table of tracks. */
import { UserError } from '@hep/options';
import { PHASE1_ITERATIONS, TRACK_FEATURES } from '@hep/track-dnn';
import { EVENT_BRANCHES, ITERATION_BRANCH, TREE_SCORE_BRANCH, TRUTH_BRANCH } from './branches.ts';
import { addToHash, EMPTY_HASH } from './event-hash.ts';
import type { FlatTracks } from './flatten.ts';
import { FEATURES, selectTracks } from './track-table.ts';
import type { TrackTable } from './track-table.ts';

/** Bad tracks that a message names one by one. */
const NAMED = 5;

const KNOWN_CODES = new Set(PHASE1_ITERATIONS.map(({ code }) => code));

/** Tracks, and how many were left out. */
export interface CheckedTracks {
  readonly table: TrackTable;
  readonly dropped: number;
}

/**
 * A table of tracks with finite variables, known iterations and truth 0 or 1.
 * @param dropInvalid leave other tracks out
 * @throws UserError that names the first of the other tracks by file and row
 */
export function tracksOf(tracks: FlatTracks, dropInvalid: boolean): CheckedTracks {
  const table = unchecked(tracks);
  const good = new Int32Array(tracks.rows);
  const complaints: string[] = [];
  let kept = 0;
  for (let row = 0; row < tracks.rows; row++) {
    const complaint = complaintAbout(tracks, table, row);
    if (complaint === null) good[kept++] = row;
    else if (complaints.length < NAMED) complaints.push(`${tracks.describe(row)}: ${complaint}`);
  }
  const dropped = tracks.rows - kept;
  if (dropped === 0) return { table, dropped };
  if (!dropInvalid) {
    const more = dropped > complaints.length ? ` and ${dropped - complaints.length} more` : '';
    throw new UserError(
      `${complaints.join('; ')}${more}; correct them, or leave them out with --drop-invalid`,
    );
  }
  return { table: selectTracks(table, good.subarray(0, kept)), dropped };
}

function unchecked(tracks: FlatTracks): TrackTable {
  const { rows, columns } = tracks;
  const features = new Float32Array(rows * FEATURES);
  TRACK_FEATURES.forEach(({ name }, feature) => {
    const values = columns.get(name)!;
    for (let row = 0; row < rows; row++) features[row * FEATURES + feature] = values[row];
  });
  const scores = columns.get(TREE_SCORE_BRANCH);
  return {
    rows,
    features,
    iterations: Uint8Array.from(columns.get(ITERATION_BRANCH)!),
    isTrue: Uint8Array.from(columns.get(TRUTH_BRANCH)!),
    treeScores:
      scores === undefined ? null : Float32Array.from(scores, (score) => (Math.fround(score) + 1) / 2),
    groups: groupsOf(tracks, features),
  };
}

/** What is wrong with a track; null when nothing is. */
function complaintAbout({ columns }: FlatTracks, table: TrackTable, row: number): string | null {
  for (let feature = 0; feature < FEATURES; feature++) {
    const value = table.features[row * FEATURES + feature];
    if (Number.isFinite(value)) continue;
    return `${TRACK_FEATURES[feature].name} is ${value}, expected a finite number`;
  }
  const code = columns.get(ITERATION_BRANCH)![row];
  if (!KNOWN_CODES.has(code)) {
    return `${ITERATION_BRANCH} is ${code}, expected one of ${[...KNOWN_CODES].sort((a, b) => a - b).join(', ')}`;
  }
  const truth = columns.get(TRUTH_BRANCH)![row];
  if (truth !== 0 && truth !== 1) return `${TRUTH_BRANCH} is ${truth}, expected 0 or 1`;
  const score = table.treeScores?.[row] ?? 0;
  return Number.isFinite(score) ? null : `${TREE_SCORE_BRANCH} is ${score}, expected a finite number`;
}

/**
 * Hash of what a track cannot be parted from: the numbers of its event where the file has them, else all that is read
 * of the entry with its vector, else of the track itself. Copies of events or tracks have equal hashes in any file.
 */
function groupsOf({ rows, columns, entries }: FlatTracks, features: Float32Array): Uint32Array {
  const numbers = EVENT_BRANCHES.map((name) => columns.get(name)).filter((values) => values !== undefined);
  const groups = new Uint32Array(rows);
  if (numbers.length > 0) {
    for (let row = 0; row < rows; row++) {
      groups[row] = numbers.reduce((hash, values) => addToHash(hash, values[row]), EMPTY_HASH);
    }
    return groups;
  }
  for (let first = 0; first < rows;) {
    let end = first + 1;
    while (entries !== null && end < rows && entries[end] === entries[first]) end++;
    let hash = EMPTY_HASH;
    for (let i = first * FEATURES; i < end * FEATURES; i++) hash = addToHash(hash, features[i]);
    groups.fill(hash, first, end);
    first = end;
  }
  return groups;
}
