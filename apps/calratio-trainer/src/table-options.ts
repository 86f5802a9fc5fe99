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

/**
 * A file that is read and replaced at once would be lost, or be read half.
 * @throws UserError when the file to write is one of those to read, under whatever name
 */
export async function requireOther(output: string, inputs: readonly string[]): Promise<void> {
  const identity = async (path: string) => {
    const found = await stat(path, { bigint: true }).catch(() => undefined);
    return found === undefined ? undefined : `${found.dev} ${found.ino}`;
  };
  const written = await identity(output);
  if (written === undefined) return;
  for (const input of inputs) {
    if ((await identity(input)) !== written) continue;
    throw new UserError(`${output}: is an input, too (${input}); choose another name for what is written`);
  }
}
