/** Numbered run directories: `<folder>/00000`, `<folder>/00001`, ... */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError } from '@hep/options';

/** Numbers of the runs in a folder, rising; names that are no numbers are ignored. */
export async function runNumbers(folder: string): Promise<number[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory() && /^\d+$/.test(entry.name));
  return names.map(({ name }) => Number(name)).sort((a, b) => a - b);
}

/** Path of the run after the last one in the folder; a directory that never became a run is taken again. */
export async function nextRunPath(folder: string): Promise<string> {
  const last = (await runNumbers(folder)).at(-1);
  if (last === undefined) return runPath(folder, 0);
  const isRun = existsSync(join(runPath(folder, last), 'run.json'));
  return runPath(folder, isRun ? last + 1 : last);
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
