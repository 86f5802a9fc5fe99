/** The folder that a command writes to. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { atomicWrite, makeFolder, storageError } from '@hep/files';
import type { RunRecord } from '@hep/training';

/** A run that a callback stopped is finished, whatever the number of epochs. */
export function isFinished({ status, result }: RunRecord, { epochs }: { readonly epochs: number }): boolean {
  if (status !== 'finished' || result === undefined) return false;
  return result.stoppedBy !== 'epochs' || result.epochs >= epochs;
}

/** @throws UserError when nothing can be written to the folder */
export async function requireWritable(folder: string): Promise<void> {
  const trial = join(folder, `.trial-${process.pid}`);
  try {
    await makeFolder(folder);
    await writeFile(trial, 'trial');
    await rm(trial);
  } catch (error) {
    throw storageError(error, folder);
  }
}

/** Writes `config.yaml` unless it says the same already. */
export async function saveConfig(folder: string, config: string): Promise<void> {
  const path = join(folder, 'config.yaml');
  const saved = await readFile(path, 'utf8').catch(() => undefined);
  if (saved !== config) await atomicWrite(path, config);
}
