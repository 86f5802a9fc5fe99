/** What commands that read tables of jets have in common. */
import { DEFAULT_CACHE } from '@hep/calratio-jets';
import { option } from '@hep/options';
import { z } from 'zod';

/** Folder of remote files. */
export const cacheOption = option({
  schema: z.string().default(DEFAULT_CACHE),
  describe: 'folder for copies of https:// files',
  group: 'Data',
});
