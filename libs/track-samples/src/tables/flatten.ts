/** From a piece of a file, tracks or events with vectors of tracks, to flat columns. */
import { numbersOrLists, plainNumbers, requireEqualLengths } from '@hep/datasets/columns';
import type { ColumnTable, FlatColumn, ListColumn, PlainNumbers } from '@hep/datasets/columns';
import { UserError } from '@hep/options/user-error';

/** A number of each track for each branch. */
export interface FlatTracks {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, PlainNumbers>;
  /** The entry of the piece that a track lies in, for files with vectors of tracks; null where each row is a track. */
  readonly entries: Uint32Array | null;
  /** Where a track stands in the file, for messages. */
  readonly describe: (row: number) => string;
}

/**
 * Tracks of a piece of a file. In files with vectors, numbers of an entry (`event`) count for all of its tracks.
 * @param firstRow row of the file that is the first of the table
 * @throws UserError for texts and arrays, and for vectors of different lengths, with branch and entry
 */
export function flattenTracks(path: string, firstRow: number, table: ColumnTable): FlatTracks {
  const source = { path, firstRow, row: 'entry', objects: 'tracks' };
  const columns = [...table.columns].map(
    ([name, column]) => [name, numbersOrLists(source, name, column)] as const,
  );
  const vectors = columns.filter((entry): entry is [string, ListColumn] => entry[1].kind === 'jagged');
  if (vectors.length === 0) {
    return {
      rows: table.rows,
      columns: new Map(columns.map(([name, column]) => [name, plainNumbers((column as FlatColumn).values)])),
      entries: null,
      describe: (row) => `${path}: row ${firstRow + row}`,
    };
  }
  requireEqualLengths(source, vectors);
  const { offsets } = vectors[0][1];
  const entries = entriesOf(offsets);
  const flat = columns.map(([name, column]): [string, PlainNumbers] => {
    if (column.kind === 'jagged') return [name, plainNumbers(column.content.values)];
    if (name.startsWith('trk_')) {
      throw new UserError(
        `${path}: branch ${name} has one number for each entry, ${vectors[0][0]} a vector; expected vectors of both`,
      );
    }
    return [name, repeated(plainNumbers(column.values), offsets)];
  });
  return {
    rows: entries.length,
    columns: new Map(flat),
    entries,
    describe: (row) =>
      `${path}: entry ${firstRow + entries[row]}, track ${row - offsets[entries[row]]} of it`,
  };
}

/** The same columns as a table. */
export function columnTable({ rows, columns }: FlatTracks): ColumnTable {
  const flat = [...columns].map(([name, values]) => [name, { kind: 'flat', values }] as const);
  return { rows, columns: new Map(flat) };
}

function entriesOf(offsets: Uint32Array): Uint32Array {
  const entries = new Uint32Array(offsets[offsets.length - 1]);
  for (let entry = 0; entry + 1 < offsets.length; entry++) {
    entries.fill(entry, offsets[entry], offsets[entry + 1]);
  }
  return entries;
}

/** The number of its entry for each track. */
function repeated(values: ArrayLike<number>, offsets: Uint32Array): Float64Array {
  const tracks = new Float64Array(offsets[offsets.length - 1]);
  for (let entry = 0; entry < values.length; entry++) {
    tracks.fill(values[entry], offsets[entry], offsets[entry + 1]);
  }
  return tracks;
}
