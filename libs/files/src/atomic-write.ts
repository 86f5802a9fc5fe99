import { randomUUID } from 'node:crypto';
import { open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeFolder } from './make-folder.ts';
import { storageError } from './storage-error.ts';

/** Content of a file, whole or in parts as they are made. */
export type FileData = Uint8Array | string | AsyncIterable<Uint8Array | string>;

/**
 * Writes a file so that a reader, or a restart after a crash, finds the old content or the new one and never a part:
 * a temporary file in the same folder, flushed to the disk, then renamed. Makes the folder. On failure the temporary file is removed
 * and the old content stays.
 * @throws UserError that names `path` when the disk is full or the place cannot be written, and what making the data throws
 */
export async function atomicWrite(path: string, data: FileData): Promise<void> {
  // Random too: two writers of one path may share a process, or its number on two nodes or in two containers.
  const unique = `${process.pid}-${randomUUID().slice(0, 8)}`;
  const temporary = join(dirname(path), `.${basename(path)}.${unique}.tmp`);
  try {
    await makeFolder(dirname(path));
    await writeFlushed(temporary, data);
    await rename(temporary, path);
    await flushFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw storageError(error, path);
  }
}

/**
 * Removes the temporary files that killed processes left in a folder; nobody else may be writing those files.
 * @param isOurs of which file; default: of all
 */
export async function removeUnfinished(
  folder: string,
  isOurs: (name: string) => boolean = () => true,
): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  // Earlier versions named them by the process alone.
  const unfinished = names.filter((name) => {
    const [, target] = /^\.(.+)\.\d+(?:-[0-9a-f]{8})?\.tmp$/.exec(name) ?? [];
    return target !== undefined && isOurs(target);
  });
  await Promise.all(unfinished.map((name) => rm(join(folder, name), { force: true })));
}

async function writeFlushed(path: string, data: FileData): Promise<void> {
  const file = await open(path, 'w');
  try {
    await writeFile(file, data);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the rename durable; some file systems refuse to flush a folder, and lose nothing but that guarantee. */
async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
