/** Numbered run directories: `<folder>/00000`, `<folder>/00001`, ... */
import { mkdir, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeFolder, storageError } from '@hep/files';
import { UserError } from '@hep/options';

/** Numbers of the runs in a folder, rising; names that are no numbers are ignored. */
export async function runNumbers(folder: string): Promise<number[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory() && /^\d+$/.test(entry.name));
  return names.map(({ name }) => Number(name)).sort((a, b) => a - b);
}

/** Path of the run after the last one in the folder, as long as nobody else takes it. */
export async function nextRunPath(folder: string): Promise<string> {
  return runPath(folder, await nextNumber(folder));
}

async function nextNumber(folder: string): Promise<number> {
  return ((await runNumbers(folder)).at(-1) ?? -1) + 1;
}

/**
 * Makes the directory of the next run. Trainings that begin at the same time get one each.
 * @throws UserError when the folder cannot be written
 */
export async function claimRunPath(folder: string): Promise<string> {
  try {
    await makeFolder(folder);
    for (let number = await nextNumber(folder); ; number++) {
      const path = runPath(folder, number);
      if (await isMade(path)) return path;
    }
  } catch (error) {
    throw storageError(error, folder);
  }
}

/** False where another one was faster, or a file has the name. */
async function isMade(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Path of an earlier run; a negative number counts from the end, -1 being the last one.
 * @param purpose what is to be done with it, for the message
 * @throws UserError when there is no such run
 */
export async function earlierRunPath(
  folder: string,
  run: number,
  purpose = 'continue from',
): Promise<string> {
  const numbers = await runNumbers(folder);
  const number = run < 0 ? numbers.at(run) : run;
  if (number !== undefined && numbers.includes(number)) return runPath(folder, number);
  const there = numbers.length === 0 ? 'there are none' : `there are ${numbers.join(', ')}`;
  throw new UserError(`Cannot ${purpose} run ${run} in ${folder}: it does not exist; ${there}`);
}

function runPath(folder: string, number: number): string {
  return join(folder, String(number).padStart(5, '0'));
}

/**
 * Path of a run as it is given: its directory, or `FOLDER/-1` for the last run in a folder, `FOLDER/-2` for the one before.
 * @throws UserError when there is no such run
 */
export async function givenRunPath(path: string): Promise<string> {
  const last = basename(path);
  return /^-\d+$/.test(last) ? earlierRunPath(dirname(path), Number(last), 'read') : path;
}
