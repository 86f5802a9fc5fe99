import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { UserError } from '@hep/options/user-error';
import { removeUnfinished } from './atomic-write.ts';

/**
 * Readies the place of a file that is made of others: what a killed process left of it is removed.
 * @throws UserError when it is one of the others under whatever name, which it would replace
 */
export async function readyOutput(output: string, inputs: readonly string[]): Promise<void> {
  const target = await identityOf(output);
  for (const input of inputs) {
    if (target !== undefined && (await identityOf(input)) === target)
      throw new UserError(`${output}: is an input, which it would replace; choose another output`);
  }
  await removeUnfinished(dirname(output), (name) => name === basename(output));
}

/** The same for all names of a file, links included; undefined where there is none. */
async function identityOf(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found === undefined ? undefined : `${found.dev} ${found.ino}`;
}

/** @throws UserError when there is a file already and it is not to be overwritten */
export async function requireAbsent(path: string, isOverwritten: boolean): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || isOverwritten) return;
  throw new UserError(`${path}: exists already; choose another name or overwrite it with --force`);
}
