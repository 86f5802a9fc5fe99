/** Tables of events with lists of objects (jets, tracks): every branch has as many entries for an event as the others. */
import { UserError } from '@hep/options/user-error';
import type { Column, FlatColumn, JaggedColumn } from './column.ts';

/** A list of numbers in each row. */
export interface ListColumn extends JaggedColumn {
  readonly content: FlatColumn;
}

/** Where a column is from, for messages. */
export interface ListSource {
  readonly path: string;
  /** Row of the file that is the first of the table. */
  readonly firstRow: number;
  /** What a row is, and what the lists are of: `event` and `jets`. */
  readonly row: string;
  readonly objects: string;
}

/**
 * A column of numbers, or of lists of numbers.
 * @throws UserError for texts, arrays and lists of lists
 */
export function numbersOrLists(
  { path, row }: ListSource,
  name: string,
  column: Column,
): FlatColumn | ListColumn {
  if (column.kind === 'flat') return column;
  if (column.kind === 'jagged' && column.content.kind === 'flat') return column as ListColumn;
  throw new UserError(
    `${path}: column ${name} holds ${column.kind === 'text' ? 'texts' : 'arrays'}, expected a number, or a list of numbers for each ${row}`,
  );
}

/**
 * Checks that all lists of a row have the same length.
 * @throws UserError with the first row and column that differ from the first column
 */
export function requireEqualLengths(
  { path, firstRow, row, objects }: ListSource,
  lists: readonly (readonly [name: string, column: ListColumn])[],
): void {
  const [[firstName, { offsets: expected }], ...others] = lists;
  for (const [name, { offsets }] of others) {
    if (Buffer.compare(bytesOf(offsets), bytesOf(expected)) === 0) continue;
    for (let at = 0; at + 1 < expected.length; at++) {
      if (offsets[at + 1] === expected[at + 1]) continue;
      const count = (of: Uint32Array) => of[at + 1] - of[at];
      throw new UserError(
        `${path}: ${row} ${firstRow + at}: ${count(expected)} ${objects} in ${firstName}, ${count(offsets)} in ${name}; ` +
          'expected as many in all branches',
      );
    }
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Uint32Array) =>
  new Uint8Array(buffer, byteOffset, byteLength);
