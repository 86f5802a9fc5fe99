import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { makeFolder } from './make-folder.ts';
import { storageError } from './storage-error.ts';

/**
 * Does work that one process at a time may do, guarded by `<path>.lock`, which names process and machine. The lock of
 * a process that ended without removing it, or a file of other content, is taken over.
 * @returns what `work` gives, or undefined when another process holds the lock
 * @throws UserError when the lock cannot be written
 */
export async function withLock<Result>(
  path: string,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result } | undefined> {
  const lock = `${path}.lock`;
  const owner = ownerLine();
  if (!(await take(lock, owner))) {
    const found = await readFile(lock, 'utf8').catch(() => '');
    if (isHeld(found) || !(await remove(lock, found))) return undefined;
    if (!(await take(lock, owner))) return undefined;
  }
  try {
    return { result: await work() };
  } finally {
    await rm(lock, { force: true });
  }
}

/**
 * Takes a lock until this process removes the file or ends. Only another process of this machine that still runs is in the
 * way: nothing is known of those of other machines.
 * @returns the number of that process, or undefined when the lock is taken
 * @throws UserError when the lock cannot be written
 */
export async function holdLock(lock: string): Promise<number | undefined> {
  const owner = ownerLine();
  while (!(await take(lock, owner))) {
    const found = await readFile(lock, 'utf8').catch(() => '');
    const { pid, host } = ownerOf(found) ?? {};
    if (pid !== undefined && pid !== process.pid && host === hostname() && isRunning(pid)) return pid;
    await remove(lock, found);
  }
  return undefined;
}

/** What file systems without hard links answer, FAT and some that are shared among machines. */
const WITHOUT_LINKS = new Set<string | undefined>(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

const ownerLine = () => `${process.pid} ${hostname()} ${randomUUID()}\n`;

/** Links a file that is complete already, so that a lock never exists without its owner's name. */
async function take(lock: string, owner: string): Promise<boolean> {
  const own = `${lock}.${randomUUID()}`;
  try {
    await makeFolder(dirname(lock));
    await writeFile(own, owner, { flag: 'wx' });
    await link(own, lock).catch((error: NodeJS.ErrnoException) => {
      if (!WITHOUT_LINKS.has(error.code)) throw error;
      return writeFile(lock, owner, { flag: 'wx' });
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw storageError(error, lock);
  } finally {
    await rm(own, { force: true });
  }
}

/**
 * Removes a lock of this content; false when it has another one by now, because somebody else has taken it over. It is
 * moved aside first, so that of several that remove the same lock none takes away what another has made in its place.
 */
async function remove(lock: string, content: string): Promise<boolean> {
  const aside = `${lock}.${randomUUID()}`;
  try {
    await rename(lock, aside);
    if ((await readFile(aside, 'utf8')) === content) return true;
    await link(aside, lock).catch(() => undefined);
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw storageError(error, lock);
  } finally {
    await rm(aside, { force: true });
  }
}

/** Whether the process that a lock names still runs; on another machine that is taken for granted. */
function isHeld(text: string): boolean {
  const owner = ownerOf(text);
  return owner !== undefined && (owner.host !== hostname() || isRunning(owner.pid));
}

function ownerOf(text: string): { pid: number; host: string } | undefined {
  const [, pid, host] = /^(\d{1,10}) (\S+) [-0-9a-f]{36}\n$/.exec(text) ?? [];
  return pid === undefined ? undefined : { pid: Number(pid), host };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
