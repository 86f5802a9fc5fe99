import { setImmediate as nextTurn } from 'node:timers/promises';
import { UserError } from '@hep/options/user-error';
import type { Column, ColumnFile, ColumnTable, RowRange } from '../columns/column.ts';
import { freeColumns } from '../columns/free-memory.ts';
import type { RecordBuffers } from './file/load-ahead.ts';
import { IdleBuffers } from './file/load-ahead.ts';
import type { RandomAccessFile } from './file/random-access-file.ts';

/** A column that was found in the metadata. */
export interface ReadableColumn {
  /** As `ColumnFile.types` names it. */
  readonly type: string;
  /** @throws UserError with file, column and entries when the values are damaged or not readable */
  read(range: RowRange, buffers: RecordBuffers): Promise<Column>;
}

/** A TTree or an RNTuple whose metadata were read. */
interface Tree {
  readonly file: RandomAccessFile;
  readonly name: string;
  readonly rows: number;
  readonly columns: ReadonlyMap<string, ReadableColumn>;
  /** See `ColumnFile.stretches`; asked for when they are needed. */
  readonly stretches: () => readonly RowRange[] | undefined;
}

/** A tree behind the type of all readers. */
export function columnFile(tree: Tree): ColumnFile {
  const { file, rows, columns } = tree;
  const buffers = new IdleBuffers(file.inThisThread);
  return {
    path: file.path,
    rows,
    types: new Map([...columns].map(([name, { type }]) => [name, type])),
    get stretches() {
      return tree.stretches();
    },
    read: (names, range = { first: 0, end: rows }) =>
      buffers.use((own) => readTable(tree, names, range, own)),
    close: () => file.close(),
  };
}

async function readTable(
  { file, name: tree, rows, columns }: Tree,
  names: readonly string[],
  range: RowRange,
  buffers: RecordBuffers,
): Promise<ColumnTable> {
  const missing = names.filter((name) => !columns.has(name)).map((name) => `'${name}'`);
  if (missing.length > 0)
    throw new UserError(`${file.path}: no branch ${missing.join(', ')} in tree '${tree}'`);
  if (!(range.first >= 0 && range.first <= range.end && range.end <= rows)) {
    throw new RangeError(`rows ${range.first} to ${range.end} of ${rows}`);
  }
  const table = new Map<string, Column>();
  for (const name of names) {
    table.set(name, await columns.get(name)!.read(range, buffers));
    if (file.inThisThread) await nextTurn(); // what else waits in this thread comes between columns
  }
  return {
    rows: range.end - range.first,
    columns: table,
    release: () => freeColumns(table),
  };
}
