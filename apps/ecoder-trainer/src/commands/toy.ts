import { writeToy } from '@hep/datasets';
import { command, defineOptions, option } from '@hep/options';
import { makeFolder, storageError } from '@hep/files';
import { dirname } from 'node:path';
import { seedOption } from '@hep/training-command';
import { z } from 'zod';

/** Options of `toy`. */
export const options = defineOptions({
  rows: option({ schema: z.int().min(1).default(100_000), describe: 'modules to generate', unit: 'modules' }),
  seed: seedOption('the modules; the same seed gives the same bytes'),
  output: option({ schema: z.string(), describe: 'CSV file to write (layout D)', alias: ['o', 'f'] }),
});

/** Writes synthetic modules. */
export const toyCommand = command({
  options,
  run: async ({ rows, seed, output }, { out }) => {
    try {
      await makeFolder(dirname(output));
      await writeToy(output, { rows, seed });
    } catch (error) {
      throw storageError(error, output);
    }
    out(`${rows} synthetic modules in ${output}`);
  },
});
