/** Jets of files of any format, a piece at a time. */
import { resolve } from 'node:path';
import { openColumns, rowStretches } from '@hep/datasets/columns';
import type { Column, ColumnTable } from '@hep/datasets/columns';
import { matchFiles } from '@hep/files';
import { UserError } from '@hep/options';
import { columnNames, jetsOf } from './jet-columns.ts';
import type { JetBlock } from './jet-columns.ts';

/** Rows of plain numbers that become jets at once. */
const MOST_ROWS = 2 ** 17;

/** How files are read. */
export interface JetFileOptions {
  /** Tree of ROOT files; default: the only one. */
  readonly tree?: string;
  /** Container whose jets are read, such as `AntiKt4EMTopoJetsAux`; default: the only one. */
  readonly collection?: string;
  /** Keep the first jet of each event only. */
  readonly leading?: boolean;
}

/**
 * Files that paths and patterns stand for, each once however it is named: a jet that is there twice could train and test.
 * @throws UserError when one stands for no file
 */
export async function listJetFiles(inputs: readonly string[]): Promise<string[]> {
  const found = await Promise.all(inputs.map((input) => matchFiles(input)));
  const empty = found.findIndex((paths) => paths.length === 0);
  if (empty >= 0)
    throw new UserError(`${inputs[empty]}: no such file; give a file or a pattern such as data/*.root`);
  const paths = found.flat();
  const places = paths.map((path) => resolve(path));
  return paths.filter((_, i) => places.indexOf(places[i]) === i);
}

/**
 * Jets in the order of the files, in pieces as the files store them.
 * @throws UserError for files that cannot be read or lack variables
 */
export async function* streamJets(
  paths: readonly string[],
  variables: readonly string[],
  options: JetFileOptions = {},
): AsyncGenerator<JetBlock> {
  const { collection, leading = false } = options;
  for (const path of paths) {
    const file = await openColumns(path, options);
    try {
      const names = columnNames(path, [...file.types.keys()], variables, collection);
      for (const range of rowStretches(file)) {
        const table = await file.read(names, range);
        for (const { first, part } of parts(table)) {
          const jets = jetsOf({
            path,
            firstRow: range.first + first,
            table: part,
            names,
            variables,
            leading,
          });
          const isLast = first + part.rows === table.rows;
          yield { ...jets, ...(isLast && table.release && { release: table.release }) };
        }
      }
    } finally {
      await file.close();
    }
  }
}

/** A table of plain numbers in parts, so that few of them are jets at once; lists stay whole. */
function* parts(table: ColumnTable): Generator<{ readonly first: number; readonly part: ColumnTable }> {
  const isPlain = [...table.columns.values()].every(({ kind }) => kind === 'flat');
  const most = isPlain ? MOST_ROWS : Math.max(1, table.rows);
  for (let first = 0; first < table.rows; first += most) {
    const end = Math.min(table.rows, first + most);
    const columns = [...table.columns].map(([name, column]): [string, Column] => [
      name,
      column.kind === 'flat' && isPlain ? { ...column, values: column.values.subarray(first, end) } : column,
    ]);
    yield { first, part: { rows: end - first, columns: new Map(columns) } };
  }
}

/** All jets of the files. @throws UserError as `streamJets`, and when there are none */
export async function readJets(
  paths: readonly string[],
  variables: readonly string[],
  options: JetFileOptions = {},
): Promise<JetBlock> {
  const blocks: JetBlock[] = [];
  for await (const block of streamJets(paths, variables, options)) blocks.push(block);
  const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
  if (rows === 0) throw new UserError(`${paths.join(', ')}: no jets; check files and tree`);
  const columns = variables.map((name): [string, Float64Array] => {
    const all = new Float64Array(rows);
    let end = 0;
    for (const block of blocks) {
      all.set(block.columns.get(name)!, end);
      end += block.rows;
    }
    return [name, all];
  });
  return { rows, columns: new Map(columns), describe: (row) => describedIn(blocks, row) };
}

function describedIn(blocks: readonly JetBlock[], row: number): string {
  let before = 0;
  for (const block of blocks) {
    if (row < before + block.rows) return block.describe(row - before);
    before += block.rows;
  }
  throw new Error(`row ${row} of ${before} jets`);
}
