import { isMainThread } from 'node:worker_threads';
import { printable, UserError } from '@hep/options/user-error';
import type { ColumnFile } from '../columns/column.ts';
import { atPlace, Damage } from '../damage.ts';
import { ByteCursor } from './file/byte-cursor.ts';
import { listKeys } from './file/directory.ts';
import type { FoundKey } from './file/directory.ts';
import { readFileHeader } from './file/file-header.ts';
import { readKey } from './file/key.ts';
import { RandomAccessFile } from './file/random-access-file.ts';
import { openNTuple } from './rntuple/open-ntuple.ts';
import { openTree } from './tree/open-tree.ts';

/** Options of `openRootFile`. */
export interface RootFileOptions {
  /** Path of the tree, directories included: `trackingNtuple/tree`, or `tree;3` for a certain cycle. Default: the only one. */
  readonly tree?: string;
  /** See `OpenSettings`. */
  readonly inThisThread?: boolean;
}

const TREE_CLASSES: readonly string[] = ['TTree', 'TNtuple', 'TNtupleD'];
const NTUPLE_CLASS = 'ROOT::RNTuple';

/**
 * Opens a TTree or RNTuple of a ROOT file; of several cycles the highest.
 * @throws UserError with the file when it is missing, no ROOT file, cut off or damaged, or when the tree is not in it
 */
export async function openRootFile(path: string, options: RootFileOptions = {}): Promise<ColumnFile> {
  const file = await RandomAccessFile.open(path, options.inThisThread ?? !isMainThread);
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
  await atPlace(`${file.path}: directory`, () => checkTreeKeys(file, keys));
  const found = chooseTree(file.path, keys, wanted);
  return found.key.className === NTUPLE_CLASS ? openNTuple(file, found) : openTree(file, header, found);
}

/**
 * A damaged list of keys could hide the newest cycle of a tree, and an older one with fewer entries would be read. So
 * every key of a tree, or of its name, must be the one that stands before its record.
 */
async function checkTreeKeys(file: RandomAccessFile, keys: readonly FoundKey[]): Promise<void> {
  const trees = keys.filter(isTree);
  const names = new Set(trees.map(({ path }) => path));
  for (const { path, key } of keys) {
    if (!names.has(path)) continue;
    const own = readKey(new ByteCursor(await file.read(key.position, key.keyBytes)));
    if (own.className !== key.className || own.name !== key.name || own.cycle !== key.cycle) {
      throw new Damage(`'${path};${key.cycle}' is not the name of its record, '${own.name};${own.cycle}'`);
    }
  }
}

function isTree({ key }: FoundKey): boolean {
  return TREE_CLASSES.includes(key.className) || key.className === NTUPLE_CLASS;
}

function chooseTree(path: string, keys: readonly FoundKey[], wanted: string | undefined): FoundKey {
  const newest = new Map<string, FoundKey>();
  const trees = keys.filter(isTree);
  for (const tree of trees) {
    if (tree.key.cycle >= (newest.get(tree.path)?.key.cycle ?? 0)) newest.set(tree.path, tree);
  }
  const names = [...newest.keys()];
  if (names.length === 0) throw new UserError(`${path}: no tree in this file`);
  const list = printable(names.map((name) => `'${name}'`).join(', '));
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
