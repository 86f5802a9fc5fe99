import { UserError } from '@hep/options';
import type { ColumnFile } from '../columns/column.ts';
import { branchesOf } from './branch.ts';
import { columnsOf } from './branch-layout.ts';
import { ByteCursor } from './byte-cursor.ts';
import { atPlace, Damage } from './damage.ts';
import { listKeys } from './directory.ts';
import type { FoundKey } from './directory.ts';
import { readFileHeader } from './file-header.ts';
import type { FileHeader } from './file-header.ts';
import { readKey, readRecord } from './key.ts';
import { ObjectReader } from './object-reader.ts';
import { RandomAccessFile } from './random-access-file.ts';
import { columnFile } from './column-file.ts';
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
    return columnFile({ file, name: found.path, rows, columns: columnsOf(branchesOf(object), descriptions) });
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
