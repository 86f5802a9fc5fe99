/** Stretches of a file that are prepared on their own: what a stop loses, and what threads share. */
import { rowStretches } from '@hep/datasets/columns';
import type { ColumnFile, JaggedColumn, RowRange, TablePiece } from '@hep/datasets/columns';
import { ITERATION_BRANCH } from '@hep/track-dnn/variables';

/** Tracks of a section in shards: enough that few shards are not full. */
const SECTION_SHARDS = 16;
/** Where a file is looked at to learn how many tracks an entry has, and how many entries there. */
const LOOKS = 4;
const LOOK_ROWS = 32;

/** How a file is cut; it follows from the file and the size of a shard alone. */
export interface SectionPlan {
  readonly sections: readonly RowRange[];
  /** Whether the file is best read from start to end, or lies in memory as a whole: one thread does all sections. */
  readonly isSequential: boolean;
  /** Tracks of an entry, about. */
  readonly tracksPerRow: number;
}

/** @throws UserError when the file is damaged */
export async function planSections(file: ColumnFile, shardRows: number): Promise<SectionPlan> {
  const isNested = hasVectors(file);
  const tracksPerRow = isNested ? await meanTracks(file) : 1;
  return {
    sections: cut(rowStretches(file), tracksPerRow, SECTION_SHARDS * shardRows),
    isSequential: !isNested && file.stretches === undefined,
    tracksPerRow,
  };
}

const hasVectors = ({ types }: ColumnFile) => types.get(ITERATION_BRANCH)?.endsWith('[]') ?? false;

async function meanTracks(file: ColumnFile): Promise<number> {
  let [rows, tracks] = [0, 0];
  for (let look = 0; look < LOOKS; look++) {
    const first = Math.floor((look * file.rows) / LOOKS);
    const range = { first, end: Math.min(file.rows, first + LOOK_ROWS) };
    rows += range.end - range.first;
    tracks += await countTracks(file, range);
  }
  return Math.max(1, tracks / Math.max(1, rows));
}

async function countTracks(file: ColumnFile, range: RowRange): Promise<number> {
  const { columns } = await file.read([ITERATION_BRANCH], range);
  return (columns.get(ITERATION_BRANCH) as JaggedColumn).offsets[range.end - range.first];
}

/** Ranges of at most `most` tracks: stretches of rows joined while they fit, and cut where one alone does not. */
function cut(stretches: readonly RowRange[], tracksPerRow: number, most: number): RowRange[] {
  const rows = Math.max(1, Math.floor(most / tracksPerRow));
  const ranges: RowRange[] = [];
  for (const { first, end } of stretches) {
    const last = ranges.at(-1);
    if (last !== undefined && last.end === first && end - last.first <= rows) {
      ranges[ranges.length - 1] = { first: last.first, end };
      continue;
    }
    const parts = Math.ceil((end - first) / rows);
    const border = (part: number) => first + Math.floor((part * (end - first)) / parts);
    for (let part = 0; part < parts; part++) ranges.push({ first: border(part), end: border(part + 1) });
  }
  return ranges;
}

/**
 * Branches of a section in pieces of about `most` tracks at most, whatever the entries have.
 * @throws UserError when the file is damaged
 */
export async function* sectionPieces(
  file: ColumnFile,
  names: readonly string[],
  { first, end }: RowRange,
  tracksPerRow: number,
  most: number,
): AsyncGenerator<TablePiece> {
  const stretches = rowStretches(file)
    .map((stretch) => ({ first: Math.max(first, stretch.first), end: Math.min(end, stretch.end) }))
    .filter((stretch) => stretch.first < stretch.end);
  for (const range of cut(stretches, tracksPerRow, most)) {
    for await (const part of smallEnough(file, range, most)) {
      yield { range: part, table: await file.read(names, part) };
    }
  }
}

/** The range, or halves of it while it has more than twice the tracks that were expected. */
async function* smallEnough(file: ColumnFile, range: RowRange, most: number): AsyncGenerator<RowRange> {
  const { first, end } = range;
  if (!hasVectors(file) || end - first === 1 || (await countTracks(file, range)) <= 2 * most) {
    yield range;
    return;
  }
  const middle = Math.floor((first + end) / 2);
  yield* smallEnough(file, { first, end: middle }, most);
  yield* smallEnough(file, { first: middle, end }, most);
}
