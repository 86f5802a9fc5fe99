import { realpath, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { UserError } from '@hep/options/user-error';
import { removeUnfinished } from './atomic-write.ts';

/**
 * Readies the place of a file that is made of others: what a killed process left of it is removed.
 * @throws UserError when it is one of the others, which it would replace
 */
export async function readyOutput(output: string, inputs: readonly string[]): Promise<void> {
  const whereItIs = (path: string) => realpath(path).catch(() => undefined);
  const target = await whereItIs(output);
  for (const input of inputs) {
    if (target !== undefined && (await whereItIs(input)) === target)
      throw new UserError(`${output}: is an input, which it would replace; choose another output`);
  }
  await removeUnfinished(dirname(output), (name) => name === basename(output));
}

/** @throws UserError when there is a file already and it is not to be overwritten */
export async function requireAbsent(path: string, isOverwritten: boolean): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || isOverwritten) return;
  throw new UserError(`${path}: exists already; choose another name or overwrite it with --force`);
}
