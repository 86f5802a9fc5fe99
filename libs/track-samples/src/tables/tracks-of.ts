/** From flat columns to a checked table of tracks. */
import { UserError } from '@hep/options/user-error';
import { ITERATION_BRANCH, PHASE1_ITERATIONS, TRACK_FEATURES } from '@hep/track-dnn/variables';
import type { TrackFeature } from '@hep/track-dnn/variables';
import { EVENT_BRANCHES, MOMENTUM_BRANCH, TREE_SCORE_BRANCH, TRUTH_BRANCH } from './branches.ts';
import { addToHash, EMPTY_HASH } from './event-hash.ts';
import type { FlatTracks } from './flatten.ts';
import { interleave, singlePrecision } from './interleave.ts';
import { selectTracks } from './track-table.ts';
import type { TrackTable } from './track-table.ts';

/** Bad tracks that a message names one by one. */
const NAMED = 5;

const KNOWN_CODES = new Set(PHASE1_ITERATIONS.map(({ code }) => code));

/** Tracks, and how many were left out. */
export interface CheckedTracks {
  readonly table: TrackTable;
  readonly dropped: number;
}

/** What a table is made of. */
export interface TableOptions {
  /** Inputs of the network, in order; default: `TRACK_FEATURES`. */
  readonly features?: readonly TrackFeature[];
  /** Leave out tracks that cannot be used instead of refusing them. */
  readonly dropInvalid?: boolean;
}

/**
 * A table of tracks with finite variables, known iterations and truth 0 or 1.
 * @throws UserError that names the first of the other tracks by file and row, unless they are left out
 */
export function tracksOf(
  tracks: FlatTracks,
  { features = TRACK_FEATURES, dropInvalid = false }: TableOptions = {},
): CheckedTracks {
  const table = unchecked(tracks, features);
  const good = new Int32Array(tracks.rows);
  const complaints: string[] = [];
  let kept = 0;
  for (let row = 0; row < tracks.rows; row++) {
    const complaint = complaintAbout(tracks, table, features, row);
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

function unchecked(tracks: FlatTracks, list: readonly TrackFeature[]): TrackTable {
  const { rows, columns } = tracks;
  const width = list.length;
  const features = interleave(
    list.map(({ name }) => columns.get(name)!),
    rows,
  );
  const scores = columns.get(TREE_SCORE_BRANCH);
  return {
    rows,
    width,
    features,
    pt: singlePrecision(columns.get(MOMENTUM_BRANCH)!),
    iterations: new Uint8Array(columns.get(ITERATION_BRANCH)!),
    isTrue: new Uint8Array(columns.get(TRUTH_BRANCH)!),
    treeScores: scores === undefined ? null : singlePrecision(scores).map((score) => (score + 1) / 2),
    groups: groupsOf(tracks, features, width),
  };
}

/** What is wrong with a track; null when nothing is. */
function complaintAbout(
  { columns }: FlatTracks,
  { width, features, pt, treeScores }: TrackTable,
  list: readonly TrackFeature[],
  row: number,
): string | null {
  for (let feature = 0; feature < width; feature++) {
    const value = features[row * width + feature];
    if (!Number.isFinite(value)) return `${list[feature].name} is ${value}, expected a finite number`;
    if (list[feature].log1p && !list[feature].abs && value <= -1) {
      return `${list[feature].name} is ${value}, expected more than -1 for log1p without abs`;
    }
  }
  if (!Number.isFinite(pt[row])) return `${MOMENTUM_BRANCH} is ${pt[row]}, expected a finite number`;
  const code = columns.get(ITERATION_BRANCH)![row];
  if (!KNOWN_CODES.has(code)) {
    return `${ITERATION_BRANCH} is ${code}, expected one of ${[...KNOWN_CODES].sort((a, b) => a - b).join(', ')}`;
  }
  const truth = columns.get(TRUTH_BRANCH)![row];
  if (truth !== 0 && truth !== 1) return `${TRUTH_BRANCH} is ${truth}, expected 0 or 1`;
  const score = treeScores?.[row] ?? 0;
  return Number.isFinite(score) ? null : `${TREE_SCORE_BRANCH} is ${score}, expected a finite number`;
}

/**
 * Hash of what a track cannot be parted from: the numbers of its event where the file has them, else all that is read
 * of the entry with its vector, else of the track itself. Copies of events or tracks have equal hashes in any file.
 */
function groupsOf(
  { rows, columns, entries }: FlatTracks,
  features: Float32Array,
  width: number,
): Uint32Array {
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
    for (let i = first * width; i < end * width; i++) hash = addToHash(hash, features[i]);
    groups.fill(hash, first, end);
    first = end;
  }
  return groups;
}
