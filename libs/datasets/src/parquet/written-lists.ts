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
  const innermost = (entry: number) => levels.reduce((position, offsets) => offsets[position], entry);
  const width = bitsOf(levels.length);
  return {
    content: contentOf(column),
    first: innermost(first),
    end: innermost(end),
    entries: repetitions.length,
    bytes: Buffer.concat([packed(repetitions, width), packed(definitions, width)]),
  };
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

/** One run of packed bits behind its length in four bytes. */
function packed(values: readonly number[], width: number): Uint8Array {
  const groups = Math.ceil(values.length / 8);
  const header: number[] = [];
  let rest = groups * 2 + 1;
  for (; rest >= 128; rest = Math.floor(rest / 128)) header.push((rest % 128) | 128);
  header.push(rest);
  const bytes = Buffer.alloc(4 + header.length + groups * width);
  bytes.writeUInt32LE(bytes.length - 4);
  bytes.set(header, 4);
  const start = 8 * (4 + header.length);
  values.forEach((value, i) => {
    for (let bit = 0; bit < width; bit++) {
      const position = start + i * width + bit;
      if ((value >> bit) & 1) bytes[position >> 3] |= 1 << (position & 7);
    }
  });
  return bytes;
}
