import { UserError } from '@hep/options';
import type { Column, ColumnFile, ColumnTable, RowRange } from '../columns/column.ts';
import { RecordBuffers } from './basket-stream.ts';
import { branchesOf } from './branch.ts';
import type { TreeColumn } from './branch-layout.ts';
import { columnsOf, describeLayout } from './branch-layout.ts';
import { ByteCursor } from './byte-cursor.ts';
import { atPlace, Damage } from './damage.ts';
import { listKeys } from './directory.ts';
import type { FoundKey } from './directory.ts';
import { readFileHeader } from './file-header.ts';
import type { FileHeader } from './file-header.ts';
import { readKey, readRecord } from './key.ts';
import { ObjectReader } from './object-reader.ts';
import { RandomAccessFile } from './random-access-file.ts';
import { readColumn } from './read-column.ts';
import { ClassDescriptions } from './streamer-info.ts';
import type { ClassDescription } from './streamer-info.ts';

/** Options of `openRootFile`. */
export interface RootFileOptions {
  /** Path of the tree, directories included: `trackingNtuple/tree`, or `tree;3` for a certain cycle. Default: the only one. */
  readonly tree?: string;
}

/**
 * Opens a tree of a ROOT file; of several cycles the highest.
 * @throws UserError with the file when it is missing, no ROOT file, cut off or damaged, or when the tree is not in it
 */
export async function openRootFile(path: string, options: RootFileOptions = {}): Promise<ColumnFile> {
  const file = await RandomAccessFile.open(path);
  try {
    return await openTree(file, options.tree);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function openTree(file: RandomAccessFile, tree: string | undefined): Promise<ColumnFile> {
  const header = await atPlace(file.path, () => readFileHeader(file));
  const keys = await atPlace(`${file.path}: directory`, () => listKeys(file, header.directory));
  const found = chooseTree(file.path, keys, tree);
  const descriptions = await atPlace(`${file.path}: class descriptions`, () =>
    readDescriptions(file, header),
  );
  return atPlace(`${file.path}: tree '${found.path}'`, async () => {
    const record = await readRecord(file, found.key);
    const reader = new ObjectReader(new ByteCursor(record), found.key.keyBytes, descriptions);
    const object = reader.readTop(found.key.className);
    const rows = object.number('fEntries');
    if (!Number.isSafeInteger(rows) || rows < 0) throw new Damage(`${rows} entries`);
    return treeFile(file, rows, columnsOf(branchesOf(object), descriptions));
  });
}

function chooseTree(path: string, keys: readonly FoundKey[], wanted: string | undefined): FoundKey {
  const newest = new Map<string, FoundKey>();
  const trees = keys.filter(({ key }) => /^TTree$|^TNtupleD?$/.test(key.className));
  for (const tree of trees) {
    if (tree.key.cycle >= (newest.get(tree.path)?.key.cycle ?? 0)) newest.set(tree.path, tree);
  }
  const names = [...newest.keys()];
  if (names.length === 0) throw new UserError(`${path}: no tree in this file`);
  const list = names.map((name) => `'${name}'`).join(', ');
  if (wanted === undefined) {
    if (names.length === 1) return newest.get(names[0])!;
    throw new UserError(`${path}: ${names.length} trees, choose one of ${list}`);
  }
  const [name, cycle] = wanted.split(';');
  const match = trees.find((tree) => tree.path === name && String(tree.key.cycle) === cycle);
  const found = cycle === undefined ? newest.get(name) : match;
  if (found === undefined) throw new UserError(`${path}: no tree '${wanted}', expected one of ${list}`);
  return found;
}

async function readDescriptions(file: RandomAccessFile, header: FileHeader): Promise<ClassDescriptions> {
  const start = await file.read(header.streamerInfo, header.streamerInfoBytes);
  const key = readKey(new ByteCursor(start));
  const record = await readRecord(file, { ...key, position: header.streamerInfo });
  const list = new ObjectReader(new ByteCursor(record), key.keyBytes, new ClassDescriptions()).readTop(
    'TList',
  );
  const descriptions = new ClassDescriptions();
  for (const item of list.items) {
    if (item?.className === 'TStreamerInfo') descriptions.add(item.payload as ClassDescription);
  }
  return descriptions;
}

function treeFile(
  file: RandomAccessFile,
  rows: number,
  columns: ReadonlyMap<string, TreeColumn>,
): ColumnFile {
  return {
    path: file.path,
    rows,
    types: new Map([...columns].map(([name, { layout }]) => [name, describeLayout(layout)])),
    read: (names, range = { first: 0, end: rows }) => readTable(file, rows, columns, names, range),
    close: () => file.close(),
  };
}

async function readTable(
  file: RandomAccessFile,
  rows: number,
  columns: ReadonlyMap<string, TreeColumn>,
  names: readonly string[],
  range: RowRange,
): Promise<ColumnTable> {
  const missing = names.filter((name) => !columns.has(name));
  if (missing.length > 0) {
    throw new UserError(`${file.path}: no branch ${missing.map((name) => `'${name}'`).join(', ')}`);
  }
  if (!(range.first >= 0 && range.first <= range.end && range.end <= rows)) {
    throw new RangeError(`rows ${range.first} to ${range.end} of ${rows}`);
  }
  const table = new Map<string, Column>();
  const buffers = new RecordBuffers();
  for (const name of names) {
    table.set(name, await readColumn(file, rows, columns.get(name)!, range, buffers));
  }
  return { rows: range.end - range.first, columns: table };
}
