/** Repetition and definition levels of lists, and the values that rows of a column have. */
import type { Column } from '../columns/column.ts';
import { bitsOf } from './levels.ts';

/** Levels of the entries of some rows, and which values of the innermost content they have. */
export interface WrittenLevels {
  readonly content: Column;
  readonly first: number;
  readonly end: number;
  readonly entries: number;
  /** Both levels as a page of version 1 holds them; empty for a column without lists. */
  readonly bytes: Uint8Array;
}

/** Levels of the rows [first, end). */
export function levelsOf(column: Column, first: number, end: number): WrittenLevels {
  const levels = columnLevels(column);
  if (levels.length === 0) {
    return { content: column, first, end, entries: end - first, bytes: new Uint8Array(0) };
  }
  const innermost = (entry: number) => levels.reduce((position, offsets) => offsets[position], entry);
  const { entries, runs } =
    levels.length === 1 ? listRuns(levels[0], first, end) : nestedRuns(levels, first, end);
  return {
    content: contentOf(column),
    first: innermost(first),
    end: innermost(end),
    entries,
    bytes: Buffer.concat(runs),
  };
}

/** Number of the values of a column, of all lists together. */
export function valuesOf(column: Column): number {
  return column.kind === 'jagged' ? valuesOf(column.content) : column.values.length;
}

/** How many entries the levels have, and a run of each of both levels. */
interface LevelRuns {
  readonly entries: number;
  readonly runs: readonly Uint8Array[];
}

/** Levels of lists of numbers are bits: set but where a list begins, and where it has nothing. */
function listRuns(offsets: Uint32Array, first: number, end: number): LevelRuns {
  let empty = 0;
  for (let row = first; row < end; row++) if (offsets[row] === offsets[row + 1]) empty++;
  const entries = offsets[end] - offsets[first] + empty;
  const [repetitions, definitions] = [0, 1].map(() => emptyRun(entries, 1));
  for (const { run, start } of [repetitions, definitions]) run.fill(0xff, start);
  const clear = ({ run, start }: PackedRun, entry: number) =>
    (run[start + (entry >> 3)] &= ~(1 << (entry & 7)));
  for (let row = first, entry = 0; row < end; row++) {
    const length = offsets[row + 1] - offsets[row];
    clear(repetitions, entry);
    if (length === 0) clear(definitions, entry);
    entry += Math.max(1, length);
  }
  return { entries, runs: [repetitions.run, definitions.run] };
}

/** Levels of lists of lists. */
function nestedRuns(levels: readonly Uint32Array[], first: number, end: number): LevelRuns {
  const [repetitions, definitions]: number[][] = [[], []];
  const visit = (depth: number, from: number, to: number, outer: number): void => {
    if (from === to) {
      repetitions.push(outer);
      definitions.push(depth);
    }
    for (let i = from; i < to; i++) {
      const repetition = i === from ? outer : depth + 1;
      if (depth + 1 < levels.length)
        visit(depth + 1, levels[depth + 1][i], levels[depth + 1][i + 1], repetition);
      else {
        repetitions.push(repetition);
        definitions.push(levels.length);
      }
    }
  };
  for (let row = first; row < end; row++) visit(0, levels[0][row], levels[0][row + 1], 0);
  const width = bitsOf(levels.length);
  return { entries: repetitions.length, runs: [packed(repetitions, width), packed(definitions, width)] };
}

/** Offsets of the lists of a column from the outside. */
function columnLevels(column: Column): Uint32Array[] {
  if (column.kind === 'jagged') return [column.offsets, ...columnLevels(column.content)];
  if (column.kind !== 'fixed') return [];
  const rows = column.values.length / column.width;
  return [Uint32Array.from({ length: rows + 1 }, (_, row) => row * column.width)];
}

function contentOf(column: Column): Column {
  return column.kind === 'jagged' ? contentOf(column.content) : column;
}

/** One run of packed bits behind its length in four bytes; the bits are zero from byte `start` on. */
interface PackedRun {
  readonly run: Buffer;
  readonly start: number;
}

function emptyRun(values: number, width: number): PackedRun {
  const groups = Math.ceil(values / 8);
  const header: number[] = [];
  let rest = groups * 2 + 1;
  for (; rest >= 128; rest = Math.floor(rest / 128)) header.push((rest % 128) | 128);
  header.push(rest);
  const start = 4 + header.length;
  const run = Buffer.alloc(start + groups * width);
  run.writeUInt32LE(run.length - 4);
  run.set(header, 4);
  return { run, start };
}

function packed(values: readonly number[], width: number): Uint8Array {
  const { run, start } = emptyRun(values.length, width);
  values.forEach((value, i) => {
    for (let bit = 0; bit < width; bit++) {
      const position = 8 * start + i * width + bit;
      if ((value >> bit) & 1) run[position >> 3] |= 1 << (position & 7);
    }
  });
  return run;
}
