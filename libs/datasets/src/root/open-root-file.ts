import { UserError } from '@hep/options/user-error';
import type { ColumnFile } from '../columns/column.ts';
import { atPlace } from '../damage.ts';
import { listKeys } from './file/directory.ts';
import type { FoundKey } from './file/directory.ts';
import { readFileHeader } from './file/file-header.ts';
import { RandomAccessFile } from './file/random-access-file.ts';
import { openNTuple } from './rntuple/open-ntuple.ts';
import { openTree } from './tree/open-tree.ts';

/** Options of `openRootFile`. */
export interface RootFileOptions {
  /** Path of the tree, directories included: `trackingNtuple/tree`, or `tree;3` for a certain cycle. Default: the only one. */
  readonly tree?: string;
}

const TREE_CLASSES: readonly string[] = ['TTree', 'TNtuple', 'TNtupleD'];
const NTUPLE_CLASS = 'ROOT::RNTuple';

/**
 * Opens a TTree or RNTuple of a ROOT file; of several cycles the highest.
 * @throws UserError with the file when it is missing, no ROOT file, cut off or damaged, or when the tree is not in it
 */
export async function openRootFile(path: string, options: RootFileOptions = {}): Promise<ColumnFile> {
  const file = await RandomAccessFile.open(path);
  try {
    return await openChosen(file, options.tree);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function openChosen(file: RandomAccessFile, wanted: string | undefined): Promise<ColumnFile> {
  const header = await atPlace(file.path, () => readFileHeader(file));
  const keys = await atPlace(`${file.path}: directory`, () => listKeys(file, header.directory));
  const found = chooseTree(file.path, keys, wanted);
  return found.key.className === NTUPLE_CLASS ? openNTuple(file, found) : openTree(file, header, found);
}

function chooseTree(path: string, keys: readonly FoundKey[], wanted: string | undefined): FoundKey {
  const newest = new Map<string, FoundKey>();
  const trees = keys.filter(({ key }) => [...TREE_CLASSES, NTUPLE_CLASS].includes(key.className));
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
