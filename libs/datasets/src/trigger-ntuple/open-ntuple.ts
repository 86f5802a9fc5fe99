/** HGCAL trigger ntuples: which files, which tree, which branches. */
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { matchFiles } from '@hep/files';
import { isUserError, UserError } from '@hep/options/user-error';
import type { ColumnFile } from '../columns/column.ts';
import { openColumns } from '../columns/open-columns.ts';
import { requireBranches } from '../columns/require-columns.ts';

/** Directory of the tree in the ntuples of the Ecoder study. */
export const NTUPLE_DIRECTORY = 'FloatingpointThreshold0DummyHistomaxGenmatchGenclustersntuple';
/** Name of the tree in its directory. */
export const NTUPLE_TREE = 'HGCalTriggerNtuple';

/** Branches with a number for each trigger cell that every ntuple must have. */
export const CELL_BRANCHES = [
  ...(['tc_subdet', 'tc_zside', 'tc_layer', 'tc_waferu', 'tc_waferv'] as const),
  ...(['tc_cellu', 'tc_cellv', 'tc_data', 'tc_eta', 'tc_phi'] as const),
] as const;
/** Simulated energy of each trigger cell, which not every ntuple has. */
export const ENERGY_BRANCH = 'tc_simenergy';
/** Generated particles, the first of which is cut on. */
export const PARTICLE_BRANCHES = ['gen_pt', 'gen_eta'] as const;

/** Which tree of a ROOT file is read. */
export interface TreeChoice {
  /** Default: {@link NTUPLE_DIRECTORY}, or the only tree of a file that has not got that. */
  readonly directory?: string;
  /** Default: {@link NTUPLE_TREE}. */
  readonly tree?: string;
}

/**
 * Files that paths, patterns and folders (their `.root` files) stand for, each once, in their order.
 * @throws UserError when one stands for no file
 */
export async function listNtuples(inputs: readonly string[]): Promise<string[]> {
  const files = new Map<string, string>();
  for (const input of inputs) {
    const isFolder = await stat(input).then(
      (found) => found.isDirectory(),
      () => false,
    );
    const paths = await matchFiles(isFolder ? join(input, '*.root') : input);
    if (paths.length === 0) {
      const what = isFolder ? 'no .root file in this folder' : 'no such file';
      throw new UserError(`${input}: ${what}; give a file, a folder or a pattern such as data/*.root`);
    }
    for (const path of paths) if (!files.has(resolve(path))) files.set(resolve(path), path);
  }
  return [...files.values()];
}

/** @throws UserError for a file that cannot be read, or that has several trees and not the one that is wanted */
export async function openNtuple(path: string, { directory, tree }: TreeChoice): Promise<ColumnFile> {
  const wanted = `${directory ?? NTUPLE_DIRECTORY}/${tree ?? NTUPLE_TREE}`;
  if (directory !== undefined || tree !== undefined) return openColumns(path, { tree: wanted });
  try {
    return await openColumns(path, { tree: wanted });
  } catch (error) {
    if (!isUserError(error)) throw error;
    return openColumns(path);
  }
}

/**
 * The branches of a file that are read.
 * @param isCut whether events are cut on their generated particle
 * @throws UserError that lists all missing ones with the nearest names that are there
 */
export function ntupleBranches({ path, types }: ColumnFile, isCut: boolean): string[] {
  const needed = [...CELL_BRANCHES, ...(isCut ? PARTICLE_BRANCHES : [])];
  const advice = isCut ? 'choose the tree, or leave cuts on gen_ away with --no-gen-cuts' : 'choose the tree';
  requireBranches(path, [...types.keys()], needed, advice);
  return types.has(ENERGY_BRANCH) ? [...needed, ENERGY_BRANCH] : needed;
}
