/** From columns of a file to jets: which columns, and jets of events in a row. */
import { numbersOrLists, plainNumbers, requireEqualLengths } from '@hep/datasets/columns';
import type { ColumnTable, FlatColumn, ListColumn, Numbers } from '@hep/datasets/columns';
import { UserError, withSuggestion } from '@hep/options';
import type { Jets } from '../variables/normalisation.ts';

/** Jets and where they came from. */
export interface JetBlock extends Jets {
  /** File and number of a jet, for messages. */
  readonly describe: (row: number) => string;
  /** Gives back the memory of the file's columns; neither these jets nor those before them may be used then. */
  readonly release?: () => void;
}

/**
 * The column of each variable: of that name, or the only one whose name ends in `.NAME`, as branches of ATLAS
 * containers do (`AntiKt4EMTopoJetsAux.pt`).
 * @param collection what stands before the dot, for files with several containers
 * @throws UserError that names what is missing, with the nearest names, or what there are several of
 */
export function columnNames(
  path: string,
  all: readonly string[],
  variables: readonly string[],
  collection?: string,
): string[] {
  const present = withoutCounters(all);
  const own =
    collection === undefined ? present : present.filter((name) => name.startsWith(`${collection}.`));
  if (own.length === 0 && collection !== undefined) throw noContainer(path, present, collection);
  const shortNames = own.map(shortName);
  const missing = variables.filter((variable) => !own.includes(variable) && !shortNames.includes(variable));
  if (missing.length > 0) {
    const listed = missing.map((name) => withSuggestion(name, shortNames));
    const within = collection === undefined ? '' : ` in collection ${collection}`;
    throw new UserError(
      `${path}: no column or branch ${listed.slice(0, 8).join(', ')}${missing.length > 8 ? ' and others' : ''}` +
        `${within}; it has ${shown(own)}`,
    );
  }
  return variables.map((variable) => {
    if (own.includes(variable)) return variable;
    const found = own.filter((name) => shortName(name) === variable);
    if (found.length === 1) return found[0];
    throw new UserError(
      `${path}: ${found.length} branches of ${variable}, in ${shown(found.map((name) => name.slice(0, -variable.length - 1)))}; ` +
        'say which with --collection',
    );
  });
}

/** Files of uproot have the lengths of the lists of a branch `X` as a branch `nX`. */
function withoutCounters(names: readonly string[]): string[] {
  const known = new Set(names);
  return names.filter((name) => !(name.startsWith('n') && known.has(name.slice(1))));
}

function noContainer(path: string, present: readonly string[], collection: string): UserError {
  const dotted = present.filter((name) => name.includes('.'));
  const containers = [...new Set(dotted.map((name) => name.slice(0, name.lastIndexOf('.'))))];
  const there = containers.length > 0 ? `it has ${shown(containers)}` : 'it has none';
  return new UserError(`${path}: no container ${withSuggestion(collection, containers)}; ${there}`);
}

/** What follows the last dot. */
const shortName = (name: string) => name.slice(name.lastIndexOf('.') + 1);

const shown = (names: readonly string[]) =>
  names.slice(0, 8).join(', ') + (names.length > 8 ? `, ... (${names.length})` : '');

/** What `jetsOf` is told of a piece of a file. */
export interface Piece {
  readonly path: string;
  /** Row of the file that is the first of the table. */
  readonly firstRow: number;
  readonly table: ColumnTable;
  /** Columns of the table and the variables that they hold, in the same order. */
  readonly names: readonly string[];
  readonly variables: readonly string[];
  /** Keep the first jet of an event only. */
  readonly leading: boolean;
}

/**
 * Jets of a piece of a file. Lists, one for each event, are put one after the other.
 * @throws UserError for lists of different lengths, for texts, and where lists and numbers are mixed
 */
export function jetsOf(piece: Piece): JetBlock {
  const { path, table, names, variables, firstRow } = piece;
  const source = { path, firstRow, row: 'event', objects: 'jets' };
  const columns = names.map((name) => numbersOrLists(source, name, table.columns.get(name)!));
  const lists = columns.filter((column) => column.kind === 'jagged');
  if (lists.length === 0) {
    return {
      rows: table.rows,
      columns: new Map(
        variables.map((variable, i) => [variable, asFloat64((columns[i] as FlatColumn).values)]),
      ),
      describe: (row) => `${path}: row ${firstRow + row}`,
    };
  }
  const flat = columns.findIndex((column) => column.kind === 'flat');
  if (flat >= 0) {
    throw new UserError(
      `${path}: ${names[flat]} has one number for each event, other variables a list; expected all of one kind`,
    );
  }
  requireEqualLengths(
    source,
    lists.map((list, i) => [names[i], list]),
  );
  return fromLists(piece, lists);
}

function fromLists({ path, firstRow, variables, leading }: Piece, lists: readonly ListColumn[]): JetBlock {
  const { offsets } = lists[0];
  const events = offsets.length - 1;
  const picks = leading ? firstOfEach(offsets) : null;
  const rows = picks?.length ?? offsets[events];
  const columns = lists.map((list, i): [string, Float64Array] => {
    const values = asFloat64(list.content.values);
    return [
      variables[i],
      picks === null ? values.subarray(0, rows) : Float64Array.from(picks, (at) => values[at]),
    ];
  });
  const describe = (row: number) => {
    const at = picks === null ? row : picks[row];
    let event = 0;
    while (offsets[event + 1] <= at) event++;
    return `${path}: event ${firstRow + event}, jet ${at - offsets[event]}`;
  };
  return { rows, columns: new Map(columns), describe };
}

/** Positions of the first jets of events that have jets. */
function firstOfEach(offsets: Uint32Array): Uint32Array {
  const starts = Array.from(offsets.subarray(0, -1)).filter((start, event) => offsets[event + 1] > start);
  return Uint32Array.from(starts);
}

/** Jets as a table of float32 columns, as writers take it. */
export function jetTable({ rows, columns }: Jets): ColumnTable {
  const flat = (values: Float64Array): FlatColumn => ({ kind: 'flat', values: Float32Array.from(values) });
  return { rows, columns: new Map([...columns].map(([name, values]) => [name, flat(values)])) };
}

function asFloat64(values: Numbers): Float64Array {
  const plain = plainNumbers(values);
  return plain instanceof Float64Array ? plain : Float64Array.from(plain);
}
