/** Files of jets that a training file is built from, open, checked, with the rows that are wanted. */
import type { ColumnFile, RowFilter, TablePiece } from '@hep/datasets/columns';
import {
  openColumns,
  readBatches,
  requireColumns,
  requireFilterColumns,
  rowFilter,
} from '@hep/datasets/columns';
import { UserError } from '@hep/options';
import type { LocalFileOptions } from '../inputs/local-files.ts';
import { localFiles } from '../inputs/local-files.ts';
import { TRAINING_COLUMNS } from '../jet-columns.ts';
import { currentNames } from '../loading/current-names.ts';

/** Some files, and what is taken of them. */
export interface BuildInput {
  /** Path, address or pattern. */
  readonly input: string;
  /** Rows taken of all its files together, at random, about; default all. */
  readonly rows?: number;
  /** Expression that rows must fulfil, before anything is scaled. */
  readonly filter?: string;
}

/** An open file of an input. */
export interface BuildFile {
  readonly file: ColumnFile;
  /** Names in the file by today's names, of all training columns. */
  readonly names: ReadonlyMap<string, string>;
  readonly filter: RowFilter | undefined;
  /** Rows that fulfil the filter. */
  readonly available: number;
}

const TABLE_FILE = /\.(pkl|pickle|parquet|npz|csv|csv\.gz)$/i;
const WILDCARD = /[*?[]/;
/** Masses in files of older conversions. */
const OLD_MASSES: readonly (readonly [string, string])[] = [
  ['mH', 'llp_mH'],
  ['mS', 'llp_mS'],
];
/** Rows read at a time, 0.2 GB of a training table. */
const MOST_ROWS = 2 ** 15;

/**
 * Opens the files of an input and counts their rows. Of the files that a pattern matches only tables are taken.
 * @param opened gets every file as soon as it is open, so that the caller can close it
 * @throws UserError with all missing columns of a file at once
 */
export async function openBuildInput(
  { input, filter: text }: BuildInput,
  opened: ColumnFile[],
  options: LocalFileOptions,
): Promise<BuildFile[]> {
  const filter = text === undefined ? undefined : rowFilter(text);
  const matched = await localFiles([input], options);
  const paths = WILDCARD.test(input) ? matched.filter((path) => TABLE_FILE.test(path)) : matched;
  if (paths.length === 0) {
    throw new UserError(
      `${input}: none of the ${matched.length} files is a .parquet, .pkl, .csv or .npz table`,
    );
  }
  const files: BuildFile[] = [];
  for (const path of paths) {
    const file = await openColumns(path);
    opened.push(file);
    const names = trainingNames(file, options);
    if (filter !== undefined) requireFilterColumns(path, filter, [...names.keys()]);
    files.push({ file, names, filter, available: await countRows(file, names, filter) });
  }
  return files;
}

function trainingNames(file: ColumnFile, { tell }: LocalFileOptions): Map<string, string> {
  const names = currentNames(file.path, file.types.keys());
  for (const [old, name] of OLD_MASSES) {
    if (!names.has(old) || names.has(name)) continue;
    names.set(name, names.get(old)!);
    names.delete(old);
    tell?.(`warning: ${file.path}: old input file: ${old} is read as ${name}`);
  }
  requireColumns(file.path, names.keys(), TRAINING_COLUMNS);
  return new Map(TRAINING_COLUMNS.map((name) => [name, names.get(name)!]));
}

/** Columns `wanted` by today's names of a whole file, some ten thousand rows at a time. */
export async function* batches(
  file: ColumnFile,
  names: ReadonlyMap<string, string>,
  wanted: readonly string[],
): AsyncGenerator<TablePiece> {
  const stored = wanted.map((name) => names.get(name)!);
  for await (const { range, table } of readBatches(file, [...new Set(stored)], MOST_ROWS)) {
    const columns = wanted.map((name, i) => [name, table.columns.get(stored[i])!] as const);
    yield { range, table: { rows: table.rows, columns: new Map(columns) } };
  }
}

async function countRows(
  file: ColumnFile,
  names: ReadonlyMap<string, string>,
  filter: RowFilter | undefined,
): Promise<number> {
  if (filter === undefined) return file.rows;
  let count = 0;
  for await (const { table } of batches(file, names, filter.columns)) count += filter.rows(table).length;
  return count;
}
