import { statfs } from 'node:fs/promises';
import { UserError } from '@hep/options';

/** Bytes that an unprivileged user may still write in a folder. */
async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/**
 * Checks that a folder has room before hours of work depend on it.
 * @param free measures the free bytes; a parameter so that a full disk can be tested
 * @throws UserError with both sizes
 */
export async function requireRoom(folder: string, bytes: number, free = freeBytes): Promise<void> {
  const available = await free(folder);
  if (available >= bytes) return;
  throw new UserError(
    `${folder}: ${mebibytes(available)} free, but the run needs ${mebibytes(bytes)}; ` +
      `free some space or choose another place`,
  );
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
