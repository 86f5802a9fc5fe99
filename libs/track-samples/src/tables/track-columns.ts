/** Tracks column by column, as files store them, and which of them can be used. */
import { rowFilter } from '@hep/datasets/columns';
import { UserError } from '@hep/options/user-error';
import {
  ITERATION_BRANCH,
  ITERATION_CODES,
  PHASE1_ITERATIONS,
  TRACK_FEATURES,
} from '@hep/track-dnn/variables';
import type { TrackFeature } from '@hep/track-dnn/variables';
import { EVENT_BRANCHES, MOMENTUM_BRANCH, TREE_SCORE_BRANCH, TRUTH_BRANCH } from './branches.ts';
import { addToHash, EMPTY_HASH } from './event-hash.ts';
import { columnTable } from './flatten.ts';
import type { FlatTracks } from './flatten.ts';
import { singlePrecision } from './interleave.ts';
import type { TrackTable } from './track-table.ts';

/** Bad tracks that a message names one by one. */
const NAMED = 5;

/** 1 at the codes of known iterations, [ITERATION_CODES]. */
const IS_KNOWN = new Uint8Array(ITERATION_CODES);
for (const { code } of PHASE1_ITERATIONS) IS_KNOWN[code] = 1;

/** What a table is made of. */
export interface TableOptions {
  /** Inputs of the network, in order; default: `TRACK_FEATURES`. */
  readonly features?: readonly TrackFeature[];
  /** Leave out tracks that cannot be used instead of refusing them. */
  readonly dropInvalid?: boolean;
  /** Which tracks are taken, an expression over branches (see `rowFilter`); default: all. Others may have any values. */
  readonly select?: string;
}

/** As `TrackTable`, but each feature has its own array, [rows]. Numbers may be the file reader's own. */
export interface TrackColumns extends Pick<
  TrackTable,
  'rows' | 'pt' | 'iterations' | 'isTrue' | 'treeScores' | 'groups'
> {
  readonly features: readonly Float32Array[];
}

/** Tracks, and which of those selected have finite variables, known iterations and truth 0 or 1. */
export interface CheckedColumns {
  readonly tracks: TrackColumns;
  /** Rows that can be used, rising; null: all. */
  readonly good: Int32Array | null;
  /** Selected tracks that cannot be used. */
  readonly dropped: number;
}

/** @throws UserError that names the first tracks that cannot be used by file and row, unless they are left out */
export function checkedColumns(
  flat: FlatTracks,
  { features: list = TRACK_FEATURES, dropInvalid = false, select }: TableOptions = {},
): CheckedColumns {
  const tracks = columnsOf(flat, list);
  const selected = select === undefined ? null : rowFilter(select).rows(columnTable(flat));
  if (isAllGood(flat, tracks, list)) return { tracks, good: selected, dropped: 0 };
  const among = selected ?? Int32Array.from({ length: flat.rows }, (_, row) => row);
  const good = new Int32Array(among.length);
  const complaints: string[] = [];
  let kept = 0;
  for (const row of among) {
    const complaint = complaintAbout(flat, tracks, list, row);
    if (complaint === null) good[kept++] = row;
    else if (complaints.length < NAMED) complaints.push(`${flat.describe(row)}: ${complaint}`);
  }
  const dropped = among.length - kept;
  if (dropInvalid || dropped === 0) return { tracks, good: good.subarray(0, kept), dropped };
  const left = dropped - complaints.length;
  throw new UserError(
    `${complaints.join('; ')}${left > 0 ? ` and ${left} more` : ''}; correct them, or leave them out with --drop-invalid`,
  );
}

function columnsOf(flat: FlatTracks, list: readonly TrackFeature[]): TrackColumns {
  const { rows, columns } = flat;
  const features = list.map(({ name }) => singlePrecision(columns.get(name)!));
  const scores = columns.get(TREE_SCORE_BRANCH);
  return {
    rows,
    features,
    pt: singlePrecision(columns.get(MOMENTUM_BRANCH)!),
    iterations: new Uint8Array(columns.get(ITERATION_BRANCH)!),
    isTrue: new Uint8Array(columns.get(TRUTH_BRANCH)!),
    treeScores: scores === undefined ? null : singlePrecision(scores).map((score) => (score + 1) / 2),
    groups: groupsOf(flat, features),
  };
}

/** Whether no track has a complaint; column by column, which is much faster than to look for complaints of each. */
function isAllGood(
  { columns }: FlatTracks,
  { features, pt, treeScores }: TrackColumns,
  list: readonly TrackFeature[],
): boolean {
  const hasRoom = list.every(({ log1p, abs }, feature) => !log1p || abs || isAbove(features[feature], -1));
  return (
    hasRoom &&
    features.every(isFinite) &&
    isFinite(pt) &&
    (treeScores === null || isFinite(treeScores)) &&
    hasKnownCodes(columns.get(ITERATION_BRANCH)!) &&
    hasTruth(columns.get(TRUTH_BRANCH)!)
  );
}

/** A number less itself is 0, unless it is infinite or none. */
function isFinite(values: Float32Array): boolean {
  for (let row = 0; row < values.length; row++) if (values[row] - values[row] !== 0) return false;
  return true;
}

function isAbove(values: Float32Array, border: number): boolean {
  for (let row = 0; row < values.length; row++) if (values[row] <= border) return false;
  return true;
}

function hasKnownCodes(codes: ArrayLike<number>): boolean {
  for (let row = 0; row < codes.length; row++) if (!isKnown(codes[row])) return false;
  return true;
}

const isKnown = (code: number) => IS_KNOWN[code] === 1;

function hasTruth(values: ArrayLike<number>): boolean {
  for (let row = 0; row < values.length; row++) if (values[row] !== 0 && values[row] !== 1) return false;
  return true;
}

/** What is wrong with a track; null when nothing is. */
function complaintAbout(
  { columns }: FlatTracks,
  { features, pt, treeScores }: TrackColumns,
  list: readonly TrackFeature[],
  row: number,
): string | null {
  for (let feature = 0; feature < list.length; feature++) {
    const value = features[feature][row];
    if (!Number.isFinite(value)) return `${list[feature].name} is ${value}, expected a finite number`;
    if (list[feature].log1p && !list[feature].abs && value <= -1) {
      return `${list[feature].name} is ${value}, expected more than -1 for log1p without abs`;
    }
  }
  if (!Number.isFinite(pt[row])) return `${MOMENTUM_BRANCH} is ${pt[row]}, expected a finite number`;
  const code = columns.get(ITERATION_BRANCH)![row];
  if (!isKnown(code)) {
    const known = PHASE1_ITERATIONS.map((iteration) => iteration.code).sort((a, b) => a - b);
    return `${ITERATION_BRANCH} is ${code}, expected one of ${known.join(', ')}`;
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
function groupsOf({ rows, columns, entries }: FlatTracks, features: readonly Float32Array[]): Uint32Array {
  const numbers = EVENT_BRANCHES.map((name) => columns.get(name)).filter((values) => values !== undefined);
  const groups = new Uint32Array(rows);
  if (numbers.length > 0) {
    groups.fill(EMPTY_HASH);
    for (const values of numbers) addNumbers(groups, values);
    return groups;
  }
  for (let first = 0; first < rows;) {
    let end = first + 1;
    while (entries !== null && end < rows && entries[end] === entries[first]) end++;
    let hash = EMPTY_HASH;
    for (let row = first; row < end; row++) {
      for (const values of features) hash = addToHash(hash, values[row]);
    }
    groups.fill(hash, first, end);
    first = end;
  }
  return groups;
}

function addNumbers(groups: Uint32Array, values: ArrayLike<number>): void {
  for (let row = 0; row < groups.length; row++) groups[row] = addToHash(groups[row], values[row]);
}
