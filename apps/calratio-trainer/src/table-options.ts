/** What commands that read and write tables of jets have in common. */
import { stat } from 'node:fs/promises';
import { DEFAULT_CACHE } from '@hep/calratio-jets';
import { option, UserError } from '@hep/options';
import { z } from 'zod';

/** Folder of remote files. */
export const cacheOption = option({
  schema: z.string().default(DEFAULT_CACHE),
  describe: 'folder for copies of https:// files',
  group: 'Data',
});

/** @throws UserError when there is a file already and it is not to be overwritten */
export async function requireAbsent(path: string, isOverwritten: boolean): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || isOverwritten) return;
  throw new UserError(`${path}: exists already; choose another name or overwrite it with --force`);
}
